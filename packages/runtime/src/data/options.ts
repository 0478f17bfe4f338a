/** Reads the values of a source's options. */
import type { SourceSpec } from '@sbn/program';
import { DataError } from '../errors.js';

/** @throws DataError unless the option is absent or an integer in `[low, high]`. */
export function readInteger(spec: SourceSpec, key: string, fallback: number, low: number, high: number): number {
  const text = spec.options[key];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value >= low && value <= high) return value;
  throw optionError(spec, key, text, `give an integer from ${String(low)} to ${String(high)}`);
}

/** @throws DataError unless the option is absent or a finite number. */
export function readNumber(spec: SourceSpec, key: string, fallback: number): number {
  const text = spec.options[key];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw optionError(spec, key, text, 'give a number');
}

/** @throws DataError unless the option is absent, `true` or `false`. */
export function readFlag(spec: SourceSpec, key: string): boolean {
  const text = spec.options[key];
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw optionError(spec, key, text, `write ${key} alone, or leave it out`);
}

/**
 * `a:b`, either of which may be left out, as `[from, to)` of `length`.
 * @throws DataError when it is no such range, or is empty or outside.
 */
export function readRange(spec: SourceSpec, key: string, text: string, length: number): readonly [number, number] {
  const match = /^(\d*):(\d*)$/.exec(text);
  if (match === null) throw optionError(spec, key, text, 'write a range as from:to, e.g. 0:392');
  const [, from = '', to = ''] = match;
  const range = [from === '' ? 0 : Number(from), to === '' ? length : Number(to)] as const;
  if (range[0] < range[1] && range[1] <= length) return range;
  throw optionError(spec, key, text, `the range must lie within 0:${String(length)} and not be empty`);
}

/** An option written alone is of value `true`, and has none as far as whoever wrote it can see. */
export function optionError(spec: SourceSpec, key: string, text: string, hint: string): DataError {
  const problem = text === 'true' ? `option ${key} has no value` : `option ${key} cannot be ${JSON.stringify(text)}`;
  return new DataError({ source: spec.name }, problem, hint);
}

/** An option that has nothing to do beside the others, or for this port, whatever its value. */
export function misplacedOption(spec: SourceSpec, key: string, hint: string): DataError {
  return new DataError({ source: spec.name }, `option ${key} does not belong here`, hint);
}
