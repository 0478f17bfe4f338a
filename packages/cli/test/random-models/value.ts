/** What a random text knows of the values in it. */

/** A size, or the name of a shape variable in a function. */
export type Dim = number | string;
export type Shape = readonly Dim[];

export interface Written {
  readonly text: string;
  /** About how large its elements get: what is too large is squashed before it meets an exponential or a product. */
  readonly size: number;
  /** Whether it depends on a latent. */
  readonly drawn: boolean;
  /** Whether it depends on a latent that is summed out, from which no drawn one may be drawn. */
  readonly summed: boolean;
  /** The variables of plates that it depends on: none can take an axis of it again. */
  readonly plates: readonly string[];
}

/** A value that can be used by its name. */
export interface Named extends Written {
  readonly shape: Shape;
  readonly element: 'real' | 'binary' | 'count' | 'onehot';
}

/** A text made of others. */
export function combine(text: string, size: number, ...parts: readonly Written[]): Written {
  return {
    text,
    size,
    drawn: parts.some(({ drawn }) => drawn),
    summed: parts.some(({ summed }) => summed),
    plates: [...new Set(parts.flatMap(({ plates }) => plates))],
  };
}

/** A number or the like. */
export function known(text: string, size: number): Written {
  return combine(text, size);
}

/** At most so large. */
export function limit(value: Written, most: number): Written {
  return value.size <= most ? value : combine(`tanh(${value.text})`, 1, value);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** How many elements there are, with a guess for shape variables. */
export function countElements(shape: Shape): number {
  return shape.reduce((product: number, size) => product * (typeof size === 'number' ? size : 3), 1);
}

export function isKnown(shape: Shape): shape is readonly number[] {
  return shape.every((size) => typeof size === 'number');
}

/** As a target of an index: a name, or a text in parentheses. */
export function indexable(text: string): string {
  return /^\w+(\[[^[\]]*\])?$/.test(text) && !/^\d/.test(text) ? text : `(${text})`;
}

/** One more index: in the same brackets or, the other way, in brackets of its own. */
export function addIndex(text: string, index: string, apart: boolean): string {
  const target = indexable(text);
  return target.endsWith(']') && !apart ? `${target.slice(0, -1)}, ${index}]` : `${target}[${index}]`;
}
