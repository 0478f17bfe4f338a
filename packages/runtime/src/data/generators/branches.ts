/** Real-valued pairs on two branches: for most inputs there are two likely answers, and their mean is neither. */
import { at, type SourceSpec } from '@sbn/program';
import { fillNormals, fillUniforms, noiseKey } from '../../noise/noise.js';
import { readFlag, readInteger } from '../options.js';
import type { RawTable } from '../raw-table.js';

/** Standard deviation of the answers around their branch. */
const NOISE = 0.1;

/**
 * `rows` inputs from −1 to 1, or with `targets` the answers to them: 1 − x² on the upper branch, which has the probability (1 + x) / 2,
 * and −x / 2 − 0.6 on the lower one, both with noise. A row is a function of `seed` and its number alone.
 */
export function generateBranches(spec: SourceSpec): RawTable {
  const rows = readInteger(spec, 'rows', 1000, 1, 1_000_000);
  const seed = readInteger(spec, 'seed', 0, 0, 2 ** 32 - 1);
  const targets = readFlag(spec, 'targets');
  const uniforms = new Float32Array(2);
  const normals = new Float32Array(1);
  const key = noiseKey(seed, 'branches');
  const noise = noiseKey(seed, 'branches/noise');
  const values = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    fillUniforms(uniforms, 2, key, { row, step: 0, draw: 0 });
    fillNormals(normals, noise, { row, step: 0, draw: 0 });
    const x = 2 * at(uniforms, 0) - 1;
    const branch = at(uniforms, 1) < (1 + x) / 2 ? 1 - x ** 2 : -x / 2 - 0.6;
    values[row] = targets ? branch + NOISE * at(normals, 0) : x;
  }
  return { source: 'branches', rows, width: 1, values, full: 1 };
}
