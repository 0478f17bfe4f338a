/** How attributes and shapes are written in program text: `{axes: [1], keep: false}`, `[B, 3]`. */
import type { LineCursor } from './line-cursor.js';
import type { AttributesOf, Instruction, OpKind } from './program.js';
import { formatDim, type Dim } from './shape.js';

interface Codec<T> {
  readonly print: (value: T) => string;
  readonly read: (cursor: LineCursor) => T;
}

/** The shortest decimal that reads back to the same float64; −0, infinities and NaN by their names. */
const number: Codec<number> = {
  print: (value) => (Object.is(value, -0) ? '-0' : String(value)),
  read: (cursor) => Number(cursor.match(/-?(?:Infinity|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|NaN/y, 'a number')),
};

const boolean: Codec<boolean> = {
  print: String,
  read: (cursor) => {
    if (cursor.accept('true')) return true;
    return cursor.accept('false') ? false : cursor.fail('true or false');
  },
};

const dim: Codec<Dim> = {
  print: formatDim,
  read: (cursor) => {
    const text = cursor.match(/\d*B|\d+/y, 'the length of an axis, such as 20, B or 2B');
    if (!text.endsWith('B')) return Number(text);
    return { batch: text === 'B' ? 1 : Number(text.slice(0, -1)) };
  },
};

function list<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    print: (values) => `[${values.map(item.print).join(', ')}]`,
    read: (cursor) => {
      cursor.expect('[');
      const values: T[] = [];
      if (cursor.accept(']')) return values;
      do values.push(item.read(cursor));
      while (cursor.accept(','));
      cursor.expect(']');
      return values;
    },
  };
}

/** All fields, in the order of `codecs`. */
function fields<T extends object>(codecs: { readonly [A in keyof T]: Codec<T[A]> }): Codec<T> {
  return {
    print: (value) => {
      const parts: string[] = [];
      for (const name in codecs) parts.push(`${name}: ${codecs[name].print(value[name])}`);
      return `{${parts.join(', ')}}`;
    },
    read: (cursor) => {
      const entries: [string, unknown][] = [];
      cursor.expect('{');
      for (const name in codecs) {
        if (entries.length > 0) cursor.expect(',');
        cursor.expect(`${name}:`);
        entries.push([name, codecs[name].read(cursor)]);
      }
      cursor.expect('}');
      // Each field of T was read by its own codec just now.
      return Object.fromEntries(entries) as T;
    },
  };
}

export const shapeText: Codec<readonly Dim[]> = list(dim);

/** Operations that have attributes. */
type AttributedKind = { [K in OpKind]: keyof AttributesOf<K> extends never ? never : K }[OpKind];

const reduction = { axes: list(number), keep: boolean };

const ATTRIBUTES: { readonly [K in AttributedKind]: Codec<AttributesOf<K>> } = {
  constant: fields({ shape: shapeText, values: list(number) }),
  sum: fields(reduction),
  max: fields(reduction),
  transpose: fields({ permutation: list(number) }),
  reshape: fields({ shape: shapeText }),
  broadcast: fields({ shape: shapeText }),
  concat: fields({ axis: number }),
  slice: fields({ begin: shapeText, size: shapeText }),
  pad: fields({ before: shapeText, after: shapeText }),
  stirling_remainder: fields({ order: number }),
};

function isAttributed(kind: OpKind): kind is AttributedKind {
  return Object.hasOwn(ATTRIBUTES, kind);
}

function hasAttributes(instruction: Instruction): instruction is Extract<Instruction, { kind: AttributedKind }> {
  return isAttributed(instruction.kind);
}

function print<K extends AttributedKind>(kind: K, attributes: AttributesOf<K>): string {
  return ATTRIBUTES[kind].print(attributes);
}

/** `{axes: [1], keep: false}`, or the empty string for an operation without attributes. */
export function printAttributes(instruction: Instruction): string {
  return hasAttributes(instruction) ? print(instruction.kind, instruction.attributes) : '';
}

/** Reads what `printAttributes` writes for an instruction of this kind. */
export function readAttributes(kind: OpKind, cursor: LineCursor): AttributesOf<OpKind> {
  return isAttributed(kind) ? ATTRIBUTES[kind].read(cursor) : {};
}
