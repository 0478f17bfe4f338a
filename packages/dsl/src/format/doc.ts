/**
 * Text with several possible layouts, after Wadler's "A prettier printer" (2003): a group is printed on one line where it
 * fits, and else with line breaks at its own `line`s. Comments are parts of their own, since a line must end after each.
 */

export type Doc =
  | { readonly kind: 'text'; readonly text: string }
  /** A space that is no place for a line break; none is printed at the beginning or at the end of a line. */
  | { readonly kind: 'space' }
  /** A line break, or where the group around it fits on a line: `flat`. */
  | { readonly kind: 'line'; readonly flat: ' ' | '' }
  | { readonly kind: 'hardline' }
  /** Leaves a line empty, where a `hardline` has just begun one. */
  | { readonly kind: 'blank' }
  /** A comment on lines of its own, with an empty line before it if so asked. */
  | { readonly kind: 'comment'; readonly text: string; readonly isAfterBlank: boolean }
  /** A comment at the end of a line; it may be longer than lines are. */
  | { readonly kind: 'trailingComment'; readonly text: string }
  | { readonly kind: 'concat'; readonly parts: readonly Doc[] }
  | { readonly kind: 'indent'; readonly content: Doc }
  | { readonly kind: 'group'; readonly content: Doc };

export const space: Doc = { kind: 'space' };
export const line: Doc = { kind: 'line', flat: ' ' };
export const softline: Doc = { kind: 'line', flat: '' };
export const hardline: Doc = { kind: 'hardline' };
export const blank: Doc = { kind: 'blank' };
export const nothing: Doc = { kind: 'concat', parts: [] };

export function text(content: string): Doc {
  return { kind: 'text', text: content };
}

export function concat(...parts: readonly Doc[]): Doc {
  return { kind: 'concat', parts };
}

export function indent(...parts: readonly Doc[]): Doc {
  return { kind: 'indent', content: concat(...parts) };
}

export function group(...parts: readonly Doc[]): Doc {
  return { kind: 'group', content: concat(...parts) };
}

/** Items of which as many are put on each line as fit. */
export function fill(items: readonly Doc[]): Doc {
  return concat(...items.map((item, index) => (index === 0 ? item : group(line, item))));
}

export function join(separator: Doc, items: readonly Doc[]): Doc {
  return concat(...items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])));
}
