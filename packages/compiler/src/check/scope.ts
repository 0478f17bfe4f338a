/** Names and what they stand for. */
import type { FunctionDeclaration, Span } from '@sbn/dsl';
import type { Plate, ValueType } from '../typed-model.js';
import type { Checked } from './typed.js';

/** `type` is undefined where the declaration has a mistake, which was reported. */
export type Entry =
  | { readonly kind: 'const'; readonly span: Span }
  | { readonly kind: 'data'; readonly span: Span; readonly type: ValueType | undefined }
  | { readonly kind: 'param'; readonly span: Span; readonly type: ValueType | undefined }
  | FunctionEntry
  | { readonly kind: 'site'; readonly span: Span; readonly id: string; readonly type: ValueType | undefined }
  | { readonly kind: 'plate'; readonly span: Span; readonly plate: Plate }
  | FamilyEntry
  | LocalEntry;

export interface FunctionEntry {
  readonly kind: 'fn';
  readonly span: Span;
  readonly declaration: FunctionDeclaration;
  /** The names of the file that it stands in: what its body can use. */
  readonly home: Scope;
}

/** Sites `h[1]`, `h[2]`, …; which of them there are, the block knows. */
export interface FamilyEntry {
  readonly kind: 'family';
  readonly span: Span;
  readonly name: string;
  /** How many indices are part of a member's id. */
  readonly arity: number;
}

/** A name that stands for an expression. */
export interface LocalEntry {
  readonly kind: 'local';
  readonly what: 'let' | 'param' | 'parameter' | 'loop variable' | 'shape variable';
  readonly span: Span;
  readonly value: Checked;
}

/** A region of the text with its own names, within another. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #entries = new Map<string, Entry>();

  constructor(parent?: Scope) {
    this.#parent = parent;
  }

  /** Replaces what the name meant in this region. */
  declare(name: string, entry: Entry): void {
    this.#entries.set(name, entry);
  }

  lookup(name: string): Entry | undefined {
    return this.#entries.get(name) ?? this.#parent?.lookup(name);
  }

  /** The names of this region alone, with what they mean. */
  entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** All that is visible from here, nearest first. */
  *names(): Iterable<string> {
    yield* this.#entries.keys();
    if (this.#parent !== undefined) yield* this.#parent.names();
  }
}

/** How many indices the members of a family have, in words. */
export function countIndices(arity: number): string {
  return arity === 1 ? 'one index' : `${arity} indices`;
}

/** `a constant`, `a parameter`: what a declared name is, for messages. */
export function describeEntry(entry: Entry): string {
  switch (entry.kind) {
    case 'const':
      return 'a constant';
    case 'data':
      return 'data';
    case 'param':
      return 'a parameter';
    case 'fn':
      return 'a function';
    case 'site':
      return 'a site';
    case 'plate':
      return 'the variable of a plate';
    case 'family':
      return 'a family of sites';
    case 'local':
      return {
        let: 'a `let`',
        param: 'a `param` of a function',
        parameter: "a function's parameter",
        'loop variable': 'a loop variable',
        'shape variable': 'a shape variable',
      }[entry.what];
  }
}
