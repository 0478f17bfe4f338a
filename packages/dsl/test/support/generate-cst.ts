import { generateCstDts } from 'chevrotain';
import { SbnParser } from '../../src/parser.js';

const HEADER = `/* eslint-disable max-lines -- generated, one interface for each rule */
/**
 * The types of the concrete syntax tree, generated from the grammar: \`UPDATE=1 npx vitest run test/cst.test.ts\` and the
 * formatter write this file, and a test holds it to the grammar. Any child may be absent: it is optional, or recovery
 * has left it out.
 */
import type { CstNodeLocation, IToken } from 'chevrotain';

interface CstNode<Name extends string> {
  readonly name: Name;
  /** Offsets of the first and the last character; not numbers where the node is empty. */
  readonly location?: CstNodeLocation;
  /** Set where an error has cut the node short. */
  readonly recoveredNode?: boolean;
}
`;

/** The text of \`src/cst.ts\` for the grammar as it is, up to formatting. */
export function generateCstTypes(): string {
  const generated = generateCstDts(new SbnParser().getGAstProductions(), { includeVisitorInterface: false });
  const nodes = [...generated.matchAll(/export type (\w+)CstChildren = \{([^}]*)\};/g)].map(
    ([, name = '', fields = '']) => {
      const rule = name.charAt(0).toLowerCase() + name.slice(1);
      const children = fields
        .replace(/(\w+)\??: \(?(\w+)\)?\[\];/g, 'readonly $1?: readonly $2[];')
        .replace(/CstNode\[/g, 'Cst[');
      return `export interface ${name}Cst extends CstNode<'${rule}'> { readonly children: {${children}} }`;
    },
  );
  return `${HEADER}\n${nodes.join('\n\n')}\n`;
}

/** What of a source text is not formatting. */
export function withoutFormatting(text: string): string {
  return text.replace(/[\s;]/g, '');
}
