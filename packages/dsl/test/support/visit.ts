import type { Span } from '../../src/index.js';

/** Anything with a span in a syntax tree, with the nearest one around it. */
export interface Visited {
  readonly node: { readonly kind?: string; readonly span: Span };
  readonly parent: { readonly span: Span } | undefined;
}

/** Every node of a tree, found by its `span`, so that no kind can be forgotten. */
export function visitNodes(value: unknown, parent?: Visited['parent']): readonly Visited[] {
  if (Array.isArray(value)) return value.flatMap((item) => visitNodes(item, parent));
  if (typeof value !== 'object' || value === null) return [];
  const here = hasSpan(value) ? value : undefined;
  const children = Object.values(value).flatMap((child) => visitNodes(child, here ?? parent));
  return here === undefined ? children : [{ node: here, parent }, ...children];
}

function hasSpan(value: object): value is Visited['node'] {
  return 'span' in value;
}
