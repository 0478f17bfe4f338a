/** The whole picture where a model predicts half of it: what is predicted is judged beside what it was predicted from. */
import type { SourceSpec } from '@sbn/program';
import type { Sources } from '../sources.js';

/** Data that are the other half of the pictures of a site. */
export interface OtherHalf {
  readonly name: string;
  readonly isAbove: boolean;
}

/** The data of the same source as those of `name`, but for `slice`. */
export function findOtherHalf(name: string, sources: Sources): OtherHalf | undefined {
  const own = sources[name];
  const slice = own?.options['slice'];
  if (own === undefined || (slice !== 'top' && slice !== 'bottom')) return undefined;
  const isAbove = slice === 'bottom';
  const sought = keyOf({ ...own, options: { ...own.options, slice: isAbove ? 'top' : 'bottom' } });
  const found = Object.entries(sources).find(([, source]) => keyOf(source) === sought);
  return found && { name: found[0], isAbove };
}

/** The same for the same options, in whatever order they were written. */
function keyOf({ name, options }: SourceSpec): string {
  return JSON.stringify([name, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Each row of pixels of a picture: one half, and the other below it. */
export function joinHalves(above: ArrayLike<number>, below: ArrayLike<number>): Float32Array {
  return Float32Array.from([...Array.from(above), ...Array.from(below)]);
}
