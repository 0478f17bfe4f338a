/** Converts rows of a table, one at a time: the loops that run over every value of every batch. */
import { assertNever } from '@sbn/program';
import type { ReadRequest } from '../dataset.js';
import { fillUniforms, noiseKey } from '../noise/noise.js';
import { compareRow, spreadBytes } from './byte-rows.js';
import type { Conversion } from './conversion.js';
import type { RawValues } from './raw-table.js';

/**
 * Writes the converted values `[start, start + width)` of a table into `target` from `at` on. `row` is the row's number in its source, which its draws go by.
 * (`?? 0` beside an index is for the type checker; rows and columns are within the table.)
 */
export type RowWriter = (values: RawValues, start: number, row: number, target: Float32Array, at: number) => void;

/** Gives a writer for the epoch and seed of a request. */
export type RowWriters = (request: Pick<ReadRequest, 'epoch' | 'seed'>) => RowWriter;

/** For rows of `width` values of the data `name`. To be made once: its tables take as long as some rows. */
export function rowWriters(conversion: Conversion, width: number, name: string): RowWriters {
  switch (conversion.kind) {
    case 'divide': {
      const { by } = conversion;
      const write = by === 1 ? copyRows(width) : mapRows((value) => value / by, width);
      return () => write;
    }
    case 'threshold': {
      const write = thresholdRows(conversion.above, width);
      return () => write;
    }
    case 'bernoulli':
      return drawRows(conversion.full, width, `binarize/${name}`);
    case 'labels': {
      const { classes } = conversion;
      return () => (values, start, _row, target, at) => {
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

function drawRows(full: number, width: number, stream: string): RowWriters {
  const uniforms = new Float32Array(width);
  const quotients = ofBytes((byte) => byte / full);
  return ({ epoch, seed }) => {
    const key = noiseKey(seed, stream);
    return (values, start, row, target, at) => {
      fillUniforms(uniforms, width, key, { row, step: epoch, draw: 0 });
      if (values instanceof Uint8Array) {
        for (let column = 0; column < width; column += 1) {
          target[at + column] = (uniforms[column] ?? 1) < (quotients[values[start + column] ?? 0] ?? 0) ? 1 : 0;
        }
        return;
      }
      for (let column = 0; column < width; column += 1) {
        target[at + column] = (uniforms[column] ?? 1) < (values[start + column] ?? 0) / full ? 1 : 0;
      }
    };
  };
}

function copyRows(width: number): RowWriter {
  return (values, start, _row, target, at) => {
    if (values instanceof Uint8Array) spreadBytes(values, start, width, target, at);
    else target.set(values.subarray(start, start + width), at);
  };
}

function thresholdRows(above: number, width: number): RowWriter {
  const write = mapRows((value) => (value > above ? 1 : 0), width);
  return (values, start, row, target, at) => {
    if (values instanceof Uint8Array) compareRow(values, start, width, above, target, at);
    else write(values, start, row, target, at);
  };
}

/** Of bytes there are few values: what becomes of each is looked up, which takes a third of the time. */
function mapRows(convert: (value: number) => number, width: number): RowWriter {
  const converted = Float32Array.from(ofBytes(convert));
  return (values, start, _row, target, at) => {
    if (values instanceof Uint8Array) {
      for (let column = 0; column < width; column += 1) {
        target[at + column] = converted[values[start + column] ?? 0] ?? 0;
      }
      return;
    }
    for (let column = 0; column < width; column += 1) target[at + column] = convert(values[start + column] ?? 0);
  };
}

function ofBytes(convert: (byte: number) => number): Float64Array {
  return Float64Array.from({ length: 256 }, (_, byte) => convert(byte));
}
