/** Converts rows of a table, one at a time: the loops that run over every value of every batch. */
import { assertNever } from '@sbn/program';
import type { ReadRequest } from '../dataset.js';
import { fillUniforms, noiseKey } from '../noise/noise.js';
import type { Conversion } from './conversion.js';
import type { RawValues } from './raw-table.js';

/**
 * Writes the converted values `[start, start + width)` of a table into `target` from `at` on. `row` is the row's number in its source, which its draws go by.
 * (`?? 0` beside an index is for the type checker; rows and columns are within the table.)
 */
export type RowWriter = (values: RawValues, start: number, row: number, target: Float32Array, at: number) => void;

/** For rows of `width` values of the data `name`, as they are in the request's epoch. */
export function rowWriter(
  conversion: Conversion,
  width: number,
  name: string,
  { epoch, seed }: Pick<ReadRequest, 'epoch' | 'seed'>,
): RowWriter {
  switch (conversion.kind) {
    case 'divide':
      return divideRows(conversion.by, width);
    case 'threshold': {
      const { above } = conversion;
      return (values, start, _row, target, at) => {
        for (let column = 0; column < width; column += 1) {
          target[at + column] = (values[start + column] ?? 0) > above ? 1 : 0;
        }
      };
    }
    case 'bernoulli': {
      const key = noiseKey(seed, `binarize/${name}`);
      const uniforms = new Float32Array(width);
      const quotients = quotientsOfBytes(conversion.full);
      return (values, start, row, target, at) => {
        fillUniforms(uniforms, width, key, { row, step: epoch, draw: 0 });
        if (values instanceof Uint8Array) {
          for (let column = 0; column < width; column += 1) {
            target[at + column] = (uniforms[column] ?? 1) < (quotients[values[start + column] ?? 0] ?? 0) ? 1 : 0;
          }
          return;
        }
        for (let column = 0; column < width; column += 1) {
          const probability = (values[start + column] ?? 0) / conversion.full;
          target[at + column] = (uniforms[column] ?? 1) < probability ? 1 : 0;
        }
      };
    }
    case 'labels': {
      const { classes } = conversion;
      return (values, start, _row, target, at) => {
        target.fill(0, at, at + width * classes);
        for (let column = 0; column < width; column += 1) {
          target[at + column * classes + (values[start + column] ?? 0)] = 1;
        }
      };
    }
    default:
      return assertNever(conversion);
  }
}

function divideRows(by: number, width: number): RowWriter {
  const quotients = quotientsOfBytes(by);
  return (values, start, _row, target, at) => {
    if (by === 1) {
      target.set(values.subarray(start, start + width), at);
      return;
    }
    if (values instanceof Uint8Array) {
      for (let column = 0; column < width; column += 1) {
        target[at + column] = quotients[values[start + column] ?? 0] ?? 0;
      }
      return;
    }
    for (let column = 0; column < width; column += 1) target[at + column] = (values[start + column] ?? 0) / by;
  };
}

/** What each byte is when it is divided: a division for each value is what takes longest otherwise. */
function quotientsOfBytes(by: number): Float64Array {
  return Float64Array.from({ length: 256 }, (_, byte) => byte / by);
}
