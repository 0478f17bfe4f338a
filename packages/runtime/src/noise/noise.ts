/**
 * Keyed noise: every random number of the runtime is a pure function of (seed, stream, row, step,
 * draw) and its position in the row. So a row's noise does not depend on the batch it is in, on how
 * rows are split over workers, or on what was drawn before.
 *
 * The Philox key is (seed, hash of the stream's name); the counter is (block, row, step, draw).
 *
 * (`?? 0` beside an index is for the type checker: the loops stay within their arrays, and a
 * checked access would cost more than the generator.)
 */
import { SettingsError } from '../errors.js';
import { fillPhilox, type PhiloxKey } from './philox.js';
import { fillRows } from './uniform-kernel.js';

const UINT32 = 2 ** 32;
/** Uniforms lie on the grid `(k + ½)·2⁻²³`. */
const GRID = 2 ** -23;

/** Which of a stream's numbers: words of the counter, each a uint32. */
export interface NoisePlace {
  /** The first row. */
  readonly row: number;
  readonly step: number;
  readonly draw: number;
}

/** @throws SettingsError unless the seed is an integer in [0, 2³²). 0 is a seed like any other. */
export function checkSeed(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed < UINT32) return seed;
  throw new SettingsError('seed', `${String(seed)} is not a seed`, 'give an integer from 0 to 4294967295');
}

/**
 * The key of a named stream, e.g. `train/h1`, `evaluate/h1`, `initialize/model.h1.dense.weight`, `shuffle`.
 * @throws SettingsError for a bad seed.
 */
export function noiseKey(seed: number, stream: string): PhiloxKey {
  return [checkSeed(seed), hashName(stream)];
}

/** 32-bit FNV-1a of the UTF-8 bytes, finished as in MurmurHash3 so that every bit depends on every byte. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A word as a float32 in the open interval (0, 1), on the grid. */
export function toUniform(word: number): number {
  return (word >>> 9) * GRID + GRID / 2;
}

/**
 * Fills rows of `width` uniforms in the open interval (0, 1), consecutive rows from `place.row`.
 * The grid has 23 bits, not 24: `(k + ½)·2⁻²⁴` needs 25 significant bits, and would round to 1 in float32.
 */
export function fillUniforms(target: Float32Array, width: number, key: PhiloxKey, place: NoisePlace): void {
  if (fillRows(target, width, [0, place.row, place.step, place.draw], key)) return;
  const words = new Uint32Array(width);
  for (let start = 0, row = place.row; start + width <= target.length && width > 0; start += width, row += 1) {
    fillPhilox(words, [0, row, place.step, place.draw], key);
    for (let column = 0; column < width; column += 1) {
      target[start + column] = toUniform(words[column] ?? 0);
    }
  }
}

/** Independent standard normals by the method of Box and Muller, for one row. */
export function fillNormals(target: Float32Array, key: PhiloxKey, place: NoisePlace): void {
  const uniforms = new Float32Array(target.length + (target.length % 2));
  fillUniforms(uniforms, uniforms.length, key, place);
  for (let index = 0; index < uniforms.length; index += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniforms[index] ?? 0));
    const angle = 2 * Math.PI * (uniforms[index + 1] ?? 0);
    target[index] = radius * Math.cos(angle);
    // For an odd length the last write is past the end, which a typed array ignores.
    target[index + 1] = radius * Math.sin(angle);
  }
}

/** A random order of `0 … length − 1` (Fisher and Yates), for one epoch and one of its parts. */
export function shuffledOrder(length: number, key: PhiloxKey, epoch: number, part = 0): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index);
  const words = new Uint32Array(length);
  fillPhilox(words, [0, part, epoch, 0], key);
  for (let last = length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(((words[last] ?? 0) / UINT32) * (last + 1));
    const moved = order[last] ?? 0;
    order[last] = order[chosen] ?? 0;
    order[chosen] = moved;
  }
  return order;
}
