/** A picture as a flowchart of Mermaid, which many sites draw where it stands in a text. */
import type { ModelPicture, NodeKind } from '@sbn/compiler';
import { displayText } from '@sbn/dsl';
import { membersOf } from './members.js';

/** What is around the text of a node. */
const SHAPES: { readonly [Kind in NodeKind]: readonly [open: string, close: string] } = {
  latent: ['((', '))'],
  observed: ['((', '))'],
  data: ['[', ']'],
  parameter: ['>', ']'],
  objective: ['{{', '}}'],
};

export function writeMermaid(picture: ModelPicture): string {
  const names = new Map(picture.nodes.map(({ id }, index) => [id, `n${index}`]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const given = picture.nodes.filter(({ kind }) => kind === 'observed' || kind === 'data').map(({ id }) => nameOf(id));
  return [
    '---',
    // A text in JSON is one in YAML too.
    `title: ${JSON.stringify(displayText(picture.title))}`,
    '---',
    'flowchart TB',
    ...picture.notes.map((note) => `  %% ${displayText(note)}`),
    ...writeMembers(picture, undefined, nameOf, '  '),
    ...picture.edges.map(
      ({ from, to, kind }) => `  ${nameOf(from)} ${kind === 'guide' ? '-.->' : '-->'} ${nameOf(to)}`,
    ),
    ...(given.length === 0 ? [] : ['  classDef given fill:#ccc,color:#000', `  class ${given.join(',')} given`]),
    '',
  ].join('\n');
}

function writeMembers(
  picture: ModelPicture,
  plate: string | undefined,
  nameOf: (id: string) => string,
  indentation: string,
): readonly string[] {
  const { nodes, plates } = membersOf(picture, plate);
  return [
    ...nodes.map(({ id, kind, label, detail }) => {
      const [open, close] = SHAPES[kind];
      const text = detail === '' ? escape(label) : `${escape(label)}<br/>${escape(detail)}`;
      return `${indentation}${nameOf(id)}${open}"${text}"${close}`;
    }),
    ...plates.flatMap((inner) => [
      `${indentation}subgraph p${picture.plates.indexOf(inner)}["${escape(inner.label)}"]`,
      ...writeMembers(picture, inner.id, nameOf, `${indentation}  `),
      `${indentation}end`,
    ]),
  ];
}

/** Mermaid has entities of its own, with `#` for `&`. */
function escape(text: string): string {
  return displayText(text)
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('&', '#amp;');
}
