/** Tensors as nested arrays, as JSON holds them. */
import { SettingsError } from '../errors.js';

/** JSON numbers and arrays of them, nested. */
export type NestedArray = number | readonly NestedArray[];

/** `values` in the nesting of `shape`; a number for the empty shape. */
export function toNestedArray(values: ArrayLike<number>, shape: readonly number[]): NestedArray {
  const size = shape.reduce((product, length) => product * length, 1);
  const nest = (start: number, count: number, dims: readonly number[]): NestedArray => {
    const [first, ...rest] = dims;
    if (first === undefined) return values[start] ?? NaN;
    const step = first === 0 ? 0 : count / first;
    return Array.from({ length: first }, (_, index) => nest(start + index * step, step, rest));
  };
  return nest(0, size, shape);
}

/** Where nested arrays come from, for messages. */
export interface NestedPlace {
  /** A file or an option. */
  readonly source: string;
  /** The tensor. */
  readonly name: string;
}

/**
 * The numbers of nested arrays, row-major. `undefined` in the shape stands for any length from 1.
 * @returns the values, with the shape that they have. @throws SettingsError naming the first place that does not fit.
 */
export function fromNestedArray(
  nested: unknown,
  shape: readonly (number | undefined)[],
  place: NestedPlace,
): { readonly values: Float64Array; readonly shape: readonly number[] } {
  const wanted = describeShape(shape);
  const lengths: number[] = [];
  const values: number[] = [];
  const read = (value: unknown, path: string, depth: number): void => {
    const fail = (problem: string): never => {
      throw new SettingsError(place.source, `${path} ${problem}`, `give ${place.name} as ${wanted}`);
    };
    if (depth === shape.length) {
      if (typeof value !== 'number') fail(`is ${describe(value)}, not a number`);
      else if (!Number.isFinite(value)) fail('is not finite');
      else values.push(value);
      return;
    }
    if (!Array.isArray(value)) return fail(`is ${describe(value)}, not an array`);
    const items: readonly unknown[] = value;
    const length = shape[depth] ?? lengths[depth];
    if (length === undefined ? items.length === 0 : items.length !== length) {
      fail(`has ${String(items.length)} items${length === undefined ? '' : `, not ${String(length)}`}`);
    }
    lengths[depth] = items.length;
    items.forEach((item, index) => {
      read(item, `${path}[${String(index)}]`, depth + 1);
    });
  };
  read(nested, place.name, 0);
  return { values: Float64Array.from(values), shape: lengths };
}

function describeShape(shape: readonly (number | undefined)[]): string {
  if (shape.length === 0) return 'a number';
  return `nested arrays of shape [${shape.map((length) => (length === undefined ? 'rows' : String(length))).join(', ')}]`;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${String(value.length)}`;
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text "${value.slice(0, 20)}"` : `a ${typeof value}`;
}
