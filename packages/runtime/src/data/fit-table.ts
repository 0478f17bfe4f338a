/** Fits a raw table to a port: chooses rows and columns, converts and checks every value. */
import { assertNever, type DataPort, type SourceSpec } from '@sbn/program';
import type { Column, ReadRequest } from '../dataset.js';
import { DataError } from '../errors.js';
import { fillUniforms, noiseKey, shuffledOrder } from '../noise/noise.js';
import { resolveConversion, type Conversion, type TablePart } from './conversion.js';
import { misplacedOption, optionError, readInteger, readRange } from './options.js';
import { checkPortValues, portWidth } from './ports.js';
import { placeInTable, type RawTable } from './raw-table.js';
import { isGenerator } from './source-spec.js';

/** Rows that are checked at a time. */
const CHECKED_AT_ONCE = 256;

/** @throws DataError naming data, source, row, column and value, and the way out. */
export function fitTable(table: RawTable, spec: SourceSpec, port: DataPort): Column {
  const [fromRow, toRow] = chooseRows(table, spec);
  const [from, to] = chooseColumns(table, spec);
  const order = chooseShare(spec, toRow - fromRow);
  const part = { order, fromRow, toRow, from, to };
  const conversion = resolveConversion(table, part, spec, port);
  checkRaw(table, part, conversion, port);
  const column: Column = {
    name: port.name,
    source: table.source,
    rows: order?.length ?? toRow - fromRow,
    width: portWidth(port),
    read: (request, target) => {
      readPart(table, part, conversion, port.name, request, target);
    },
  };
  if (conversion.kind === 'divide') checkColumn(column, port, table, part);
  return column;
}

function chooseRows(table: RawTable, spec: SourceSpec): readonly [number, number] {
  const text = spec.options['rows'];
  // A generator has made as many rows as its own option `rows` says.
  if (text === undefined || isGenerator(spec)) return [0, table.rows];
  if (text.includes(':')) return readRange(spec, 'rows', text, table.rows);
  return [0, readInteger(spec, 'rows', table.rows, 1, table.rows)];
}

/**
 * `part=0:0.9` is the first nine tenths of the rows in a random order that `split=SEED` decides, and `part=0.9:1` the rest: shares of one
 * file that have no row in common. Rows stay in the order of the file.
 */
function chooseShare(spec: SourceSpec, rows: number): Uint32Array | undefined {
  const text = spec.options['part'];
  const seed = readInteger(spec, 'split', 0, 0, 0xffffffff);
  if (text === undefined) {
    if (spec.options['split'] === undefined) return undefined;
    throw misplacedOption(spec, 'split', 'it needs part=from:to, e.g. part=0:0.9');
  }
  const match = /^(\d*\.?\d*):(\d*\.?\d*)$/.exec(text);
  const [from, to] = [Number(match?.[1] ?? NaN), match?.[2] === '' ? 1 : Number(match?.[2] ?? NaN)];
  if (!(from >= 0 && from < to && to <= 1)) {
    throw optionError(spec, 'part', text, 'write two shares from 0 to 1 as from:to, e.g. part=0:0.9');
  }
  const [first, last] = [Math.round(from * rows), Math.round(to * rows)];
  if (first === last) throw optionError(spec, 'part', text, `of ${String(rows)} rows this is none`);
  return shuffledOrder(rows, noiseKey(seed, 'split'), 0).subarray(first, last).sort();
}

function chooseColumns(table: RawTable, spec: SourceSpec): readonly [number, number] {
  const text = spec.options['slice'];
  const { width } = table;
  if (text === undefined) return [0, width];
  if (text !== 'top' && text !== 'bottom') return readRange(spec, 'slice', text, width);
  if (width % 2 !== 0)
    throw optionError(spec, 'slice', text, `a row of ${String(width)} values has no halves; write slice=from:to`);
  return text === 'top' ? [0, width / 2] : [width / 2, width];
}

/** Checks what the conversion would hide. Columns are numbered as in the source. */
function checkRaw(table: RawTable, part: TablePart, conversion: Conversion, port: DataPort): void {
  const fault = rawFault(conversion);
  if (fault === undefined) return;
  for (let row = part.fromRow; row < part.toRow; row += 1) {
    for (let column = part.from; column < part.to; column += 1) {
      const value = table.values[row * table.width + column] ?? NaN;
      if (!fault.isWrong(value)) continue;
      const place = placeInTable(table, port.name, row, column, value);
      throw new DataError(place, `${String(value)} ${fault.problem}`, fault.hint);
    }
  }
}

interface RawFault {
  readonly isWrong: (value: number) => boolean;
  readonly problem: string;
  readonly hint: string;
}

function rawFault(conversion: Conversion): RawFault | undefined {
  switch (conversion.kind) {
    case 'divide':
      return undefined;
    case 'threshold':
      return { isWrong: Number.isNaN, problem: 'cannot be compared with a threshold', hint: 'remove or replace it' };
    case 'bernoulli': {
      const { full } = conversion;
      return {
        isWrong: (value) => !(value >= 0 && value <= full),
        problem: `is no grey level from 0 to ${String(full)}, so not a probability`,
        hint: 'say which value stands for 1 with scale=N',
      };
    }
    case 'labels': {
      const { classes } = conversion;
      return {
        isWrong: (value) => !(Number.isInteger(value) && value >= 0 && value < classes),
        problem: `is not a label from 0 to ${String(classes - 1)}`,
        hint: 'declare the data with as many classes as there are labels',
      };
    }
    default:
      return assertNever(conversion);
  }
}

function checkColumn(column: Column, port: DataPort, table: RawTable, part: TablePart): void {
  for (let start = 0; start < column.rows; start += CHECKED_AT_ONCE) {
    const count = Math.min(CHECKED_AT_ONCE, column.rows - start);
    const values = new Float32Array(count * column.width);
    column.read(
      { indices: Uint32Array.from({ length: count }, (_, index) => start + index), epoch: 0, seed: 0 },
      values,
    );
    checkPortValues(port, values, {
      source: column.source,
      rowOf: (index) => rowOfTable(part, start + index),
      name: (row, place) => table.place?.(row, part.from + place),
    });
  }
}

/** The row of the table that a row of the column is. */
function rowOfTable({ order, fromRow }: TablePart, index: number): number {
  return fromRow + (order?.[index] ?? index);
}

/** (`?? 0` beside an index is for the type checker; rows and columns are within the table.) */
function readPart(
  table: RawTable,
  part: TablePart,
  conversion: Conversion,
  name: string,
  request: ReadRequest,
  target: Float32Array,
): void {
  const { values } = table;
  const width = part.to - part.from;
  const starts = Array.from(request.indices, (index) => rowOfTable(part, index) * table.width + part.from);
  switch (conversion.kind) {
    case 'divide':
      starts.forEach((start, index) => {
        for (let column = 0; column < width; column += 1) {
          target[index * width + column] = (values[start + column] ?? 0) / conversion.by;
        }
      });
      return;
    case 'threshold':
      starts.forEach((start, index) => {
        for (let column = 0; column < width; column += 1) {
          target[index * width + column] = (values[start + column] ?? 0) > conversion.above ? 1 : 0;
        }
      });
      return;
    case 'bernoulli': {
      const key = noiseKey(request.seed, `binarize/${name}`);
      const uniforms = new Float32Array(width);
      starts.forEach((start, index) => {
        const row = rowOfTable(part, request.indices[index] ?? 0);
        fillUniforms(uniforms, width, key, { row, step: request.epoch, draw: 0 });
        for (let column = 0; column < width; column += 1) {
          const probability = (values[start + column] ?? 0) / conversion.full;
          target[index * width + column] = (uniforms[column] ?? 1) < probability ? 1 : 0;
        }
      });
      return;
    }
    case 'labels':
      target.fill(0);
      starts.forEach((start, index) => {
        for (let column = 0; column < width; column += 1) {
          target[(index * width + column) * conversion.classes + (values[start + column] ?? 0)] = 1;
        }
      });
      return;
    default:
      assertNever(conversion);
  }
}
