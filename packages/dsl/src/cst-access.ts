/** Reading the concrete syntax tree, in which anything may be absent. */
import type { CstNodeLocation, IToken } from 'chevrotain';
import type { Span } from './span.js';
import { spanOf } from './token-access.js';

interface Located {
  readonly location?: CstNodeLocation;
}

/** The only, or the first, child of a kind. */
export function first<Child>(children: readonly Child[] | undefined): Child | undefined {
  return children?.[0];
}

/** From the first character to after the last, parentheses included. */
export function extentOf(node: Located): Span {
  const start = node.location?.startOffset ?? NaN;
  return { start, end: (node.location?.endOffset ?? NaN) + 1 };
}

/** Where the last of several parts ends; parts that are absent do not count. */
export function endOf(...parts: readonly (Located | IToken | undefined)[]): number {
  const ends = parts.map((part) => {
    if (part === undefined) return 0;
    return 'image' in part ? spanOf(part).end : extentOf(part).end;
  });
  return Math.max(0, ...ends);
}

type Lists = readonly (readonly Located[] | undefined)[];

/** Children of several kinds in the order of the text. */
export function inOrder<Kinds extends Lists>(...kinds: Kinds): readonly NonNullable<Kinds[number]>[number][] {
  const children: NonNullable<Kinds[number]>[number][] = kinds.flatMap((kind) => kind ?? []);
  return children.sort((a, b) => extentOf(a).start - extentOf(b).start);
}
