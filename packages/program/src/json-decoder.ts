/** Turns parsed JSON into typed values, field by field, with the path of what is wrong. */
import { ArtifactError } from './errors.js';

/** @throws ArtifactError when `value`, found at `path`, is not a T. */
export type Decoder<T> = (value: unknown, path: string) => T;

/** The JSON type of a value, in words. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return JSON.stringify(value);
}

export function mismatch(expected: string, value: unknown, path: string): never {
  throw new ArtifactError(`expected ${expected}, found ${describe(value)}`, path);
}

function fieldPath(path: string, name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

function entriesOf(value: unknown, path: string): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) mismatch('an object', value, path);
  return new Map(Object.entries(value));
}

export const string: Decoder<string> = (value, path) =>
  typeof value === 'string' ? value : mismatch('a string', value, path);

/** JSON has finite numbers only. */
export const number: Decoder<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : mismatch('a number', value, path);

export function wholeFrom(least: number): Decoder<number> {
  return (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? value
      : mismatch(`a whole number of at least ${String(least)}`, value, path);
}

export function oneOf<const T extends string | number>(...allowed: readonly T[]): Decoder<T> {
  return (value, path) => {
    const found = allowed.find((candidate) => candidate === value);
    return found ?? mismatch(allowed.map((candidate) => JSON.stringify(candidate)).join(' or '), value, path);
  };
}

/** `null` in JSON is `undefined` in the artifact. */
export function nullable<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => (value === null ? undefined : decode(value, path));
}

export function array<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (value, path) => {
    const items: readonly unknown[] = Array.isArray(value) ? value : mismatch('an array', value, path);
    return items.map((item, index) => decode(item, `${path}[${String(index)}]`));
  };
}

export function record<T>(decode: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries([...entriesOf(value, path)].map(([name, item]) => [name, decode(item, fieldPath(path, name))]));
}

/** An object with exactly these fields. */
export function object<T extends object>(fields: { readonly [A in keyof T]-?: Decoder<T[A]> }): Decoder<T> {
  return (value, path) => {
    const entries = entriesOf(value, path);
    for (const name of entries.keys()) {
      if (!Object.hasOwn(fields, name))
        throw new ArtifactError('there is no field of this name', fieldPath(path, name));
    }
    const decoded: [string, unknown][] = [];
    for (const name in fields) {
      if (!entries.has(name)) throw new ArtifactError('the field is missing', fieldPath(path, name));
      decoded.push([name, fields[name](entries.get(name), fieldPath(path, name))]);
    }
    // Each field of T was decoded by its own decoder just now.
    return Object.fromEntries(decoded) as T;
  };
}

/** A union told apart by `kind`; a member without a decoder does not compile. */
export function union<T extends { readonly kind: string }>(members: {
  readonly [K in T['kind']]: Decoder<Extract<T, { kind: K }>>;
}): Decoder<T> {
  return (value, path) => {
    const kind = entriesOf(value, path).get('kind');
    for (const [name, decode] of Object.entries<Decoder<T>>(members)) {
      if (name === kind) return decode(value, path);
    }
    const kinds = Object.keys(members).map((name) => JSON.stringify(name));
    return mismatch(kinds.join(' or '), kind, fieldPath(path, 'kind'));
  };
}
