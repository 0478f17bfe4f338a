/** Sequences of symbols that a hidden Markov chain gives. */
import { at, type SourceSpec } from '@sbn/program';
import { fillUniforms, noiseKey } from '../../noise/noise.js';
import { readInteger } from '../options.js';
import type { RawTable } from '../raw-table.js';

/** Each state goes on to the next one, stays, or falls back to the first. */
const TRANSITIONS = [
  [0.1, 0.85, 0.05],
  [0.05, 0.1, 0.85],
  [0.85, 0.05, 0.1],
] as const;

/** States 0 and 1 look alike half of the time: what is hidden is told by what comes before and after. */
const EMISSIONS = [
  [0.5, 0.45, 0.0, 0.05],
  [0.5, 0.0, 0.45, 0.05],
  [0.05, 0.0, 0.0, 0.95],
] as const;

/** `rows` sequences of `length` symbols 0…3. A row is a function of `seed` and its number alone. */
export function generateSequences(spec: SourceSpec): RawTable {
  const rows = readInteger(spec, 'rows', 1000, 1, 1_000_000);
  const length = readInteger(spec, 'length', 12, 1, 1000);
  const seed = readInteger(spec, 'seed', 0, 0, 2 ** 32 - 1);
  const key = noiseKey(seed, 'sequences');
  const uniforms = new Float32Array(2 * length);
  const values = new Uint8Array(rows * length);
  for (let row = 0; row < rows; row += 1) {
    fillUniforms(uniforms, uniforms.length, key, { row, step: 0, draw: 0 });
    let state = 0;
    for (let place = 0; place < length; place += 1) {
      const uniform = at(uniforms, 2 * place);
      state = place === 0 ? Math.floor(uniform * TRANSITIONS.length) : choose(at(TRANSITIONS, state), uniform);
      values[row * length + place] = choose(at(EMISSIONS, state), at(uniforms, 2 * place + 1));
    }
  }
  return { source: 'sequences', rows, width: length, values, full: 1 };
}

function choose(probabilities: readonly number[], uniform: number): number {
  let rest = uniform;
  const found = probabilities.findIndex((probability) => {
    rest -= probability;
    return rest < 0;
  });
  return found < 0 ? probabilities.length - 1 : found;
}
