/** Bars and stripes (MacKay 2003, section 43.3; Hinton and Sejnowski 1986). */
import type { SourceSpec } from '@sbn/program';
import { readInteger } from '../options.js';
import type { RawTable } from '../raw-table.js';

/**
 * Every distinct image of `n × n` pixels whose rows are each all 0 or all 1, or whose columns are:
 * `2^(n+1) − 2` of them, as the blank and the full one are both. Values 0 and 1.
 */
export function generateBars(spec: SourceSpec): RawTable {
  const n = readInteger(spec, 'n', 4, 1, 12);
  const patterns = 2 ** n;
  const rows = 2 * patterns - 2;
  const width = n * n;
  const values = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    // First all patterns of whole rows; then those of whole columns but the blank and the full one.
    const horizontal = row < patterns;
    const bits = horizontal ? row : row - patterns + 1;
    for (let pixel = 0; pixel < width; pixel += 1) {
      const line = horizontal ? Math.floor(pixel / n) : pixel % n;
      values[row * width + pixel] = (bits >> line) & 1;
    }
  }
  return { source: 'bars', rows, width, values, full: 1 };
}
