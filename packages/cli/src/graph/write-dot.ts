/** A picture as a graph for Graphviz. */
import type { ModelPicture, NodeKind, PictureNode } from '@sbn/compiler';
import { displayText } from '@sbn/dsl';
import { membersOf } from './members.js';

const STYLES: { readonly [Kind in NodeKind]: string } = {
  latent: 'shape=ellipse',
  observed: 'shape=ellipse, style=filled, fillcolor=lightgrey',
  data: 'shape=box, style="filled,rounded", fillcolor=lightgrey, height=0.3',
  parameter: 'shape=point, width=0.08',
  objective: 'shape=square, style=filled, fillcolor=black, label="", width=0.12',
};

export function writeDot(picture: ModelPicture): string {
  const notes = [picture.title, ...picture.notes].map((note) => `${escape(note)}\\l`).join('');
  return [
    `digraph ${quote(picture.name)} {`,
    `  label="${notes}"`,
    '  labelloc=b',
    '  labeljust=l',
    '  node [fontname="Helvetica"]',
    '  graph [fontname="Helvetica"]',
    ...writeMembers(picture, undefined, '  '),
    ...picture.edges.map(({ from, to, kind }) => {
      // The guide goes against the model, and must not turn it upside down.
      const style = kind === 'guide' ? ' [style=dashed, constraint=false]' : '';
      return `  ${quote(from)} -> ${quote(to)}${style}`;
    }),
    '}',
    '',
  ].join('\n');
}

function writeMembers(picture: ModelPicture, plate: string | undefined, indentation: string): readonly string[] {
  const { nodes, plates } = membersOf(picture, plate);
  return [
    ...nodes.map((node) => `${indentation}${quote(node.id)} [${attributes(node)}]`),
    ...plates.flatMap(({ id, label }) => [
      `${indentation}subgraph ${quote(`cluster ${id}`)} {`,
      `${indentation}  label=${quote(label)}`,
      `${indentation}  labeljust=r`,
      `${indentation}  labelloc=b`,
      ...writeMembers(picture, id, `${indentation}  `),
      `${indentation}}`,
    ]),
  ];
}

function attributes({ kind, label, detail }: PictureNode): string {
  const text = detail === '' ? escape(label) : `${escape(label)}\\n${escape(detail)}`;
  const name = kind === 'parameter' || kind === 'objective' ? 'xlabel' : 'label';
  return `${STYLES[kind]}, ${name}="${text}"`;
}

function quote(text: string): string {
  return `"${escape(text)}"`;
}

function escape(text: string): string {
  return displayText(text).replace(/["\\]/g, '\\$&');
}
