/** Reading the concrete syntax tree, in which recovery may have left anything out. */
import type { CstNodeLocation, IToken } from 'chevrotain';
import type { Span } from './span.js';

interface Located {
  readonly location?: CstNodeLocation;
}

/** The only, or the first, child of a kind. */
export function first<Child>(children: readonly Child[] | undefined): Child | undefined {
  return children?.[0];
}

/** The token of a kind, unless the parser has made it up: then its absence is reported already. */
export function firstToken(children: readonly IToken[] | undefined): IToken | undefined {
  const found = children?.[0];
  return found?.isInsertedInRecovery === true ? undefined : found;
}

/** From the first character to after the last, parentheses included. */
export function extentOf(node: Located): Span {
  const start = node.location?.startOffset ?? NaN;
  return { start, end: (node.location?.endOffset ?? NaN) + 1 };
}

type Lists = readonly (readonly Located[] | undefined)[];

/** Children of several kinds in the order of the text. */
export function inOrder<Kinds extends Lists>(...kinds: Kinds): readonly NonNullable<Kinds[number]>[number][] {
  const children: NonNullable<Kinds[number]>[number][] = kinds.flatMap((kind) => kind ?? []);
  return children.sort((a, b) => extentOf(a).start - extentOf(b).start);
}
