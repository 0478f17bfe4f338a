/** Fits a raw table to a port: chooses rows and columns, converts and checks every value. */
import { assertNever, type DataPort, type SourceSpec } from '@sbn/program';
import type { MemoryColumn, ReadRequest } from '../dataset.js';
import { DataError } from '../errors.js';
import { noiseKey, shuffledOrder } from '../noise/noise.js';
import { rowWriters, type RowWriters } from './convert-rows.js';
import { resolveConversion, type Conversion, type TablePart } from './conversion.js';
import { fingerprintTable } from './fingerprint.js';
import { misplacedOption, optionError, readInteger, readRange } from './options.js';
import { checkPortValues, portWidth } from './ports.js';
import { numberOf, placeInTable, type RawTable } from './raw-table.js';
import { isGenerator } from './source-spec.js';

/** Rows that are checked at a time. */
const CHECKED_AT_ONCE = 256;

/** @throws DataError naming data, source, row, column and value, and the way out. */
export function fitTable(table: RawTable, spec: SourceSpec, port: DataPort): MemoryColumn {
  const part = choosePart(table, spec);
  const conversion = resolveConversion(table, part, spec, port);
  checkTable(table, part, conversion, port);
  const writers = rowWriters(conversion, part.to - part.from, port.name);
  return {
    name: port.name,
    source: table.source,
    rows: rowsOfPart(part),
    width: portWidth(port),
    checked: keepsKind(conversion, port) ? port : undefined,
    isInMemory: true,
    fingerprint: () => fingerprintTable(table, part),
    read: (request, target) => {
      readPart(table, part, writers, port, request, target);
    },
  };
}

/** What of a table the options of a source take. @throws DataError */
export function choosePart(table: Pick<RawTable, 'source' | 'rows' | 'width'>, spec: SourceSpec): TablePart {
  const [fromRow, toRow] = chooseRows(table, spec);
  const [from, to] = chooseColumns(table, spec);
  return { order: chooseShare(spec, toRow - fromRow), fromRow, toRow, from, to };
}

export function rowsOfPart({ order, fromRow, toRow }: TablePart): number {
  return order?.length ?? toRow - fromRow;
}

/** Holds every value of the part against the port. @throws DataError */
export function checkTable(table: RawTable, part: TablePart, conversion: Conversion, port: DataPort): void {
  checkRaw(table, part, conversion, port);
  if (conversion.kind === 'divide') checkConverted(table, part, conversion, port);
}

/** Whether a table that has been checked gives values of the port's kind in every epoch: a threshold's 0 is no value of each distribution. */
export function keepsKind({ kind }: Conversion, { element }: DataPort): boolean {
  return kind === 'divide' || kind === 'labels' || element.kind === 'binary';
}

function chooseRows(table: Pick<RawTable, 'rows'>, spec: SourceSpec): readonly [number, number] {
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

function chooseColumns(table: Pick<RawTable, 'width'>, spec: SourceSpec): readonly [number, number] {
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

function checkConverted(table: RawTable, part: TablePart, conversion: Conversion, port: DataPort): void {
  const rows = rowsOfPart(part);
  const writers = rowWriters(conversion, part.to - part.from, port.name);
  for (let start = 0; start < rows; start += CHECKED_AT_ONCE) {
    const count = Math.min(CHECKED_AT_ONCE, rows - start);
    const values = new Float32Array(count * portWidth(port));
    const indices = Uint32Array.from({ length: count }, (_, index) => start + index);
    readPart(table, part, writers, port, { indices, epoch: 0, seed: 0 }, values);
    checkPortValues(port, values, {
      source: table.source,
      rowOf: (index) => numberOf(table, rowOfTable(part, start + index)),
      name: (row, place) => table.place?.(row - numberOf(table, 0), part.from + place),
    });
  }
}

/** The row of the table that a row of the column is. */
export function rowOfTable({ order, fromRow }: TablePart, index: number): number {
  return fromRow + (order?.[index] ?? index);
}

function readPart(
  table: RawTable,
  part: TablePart,
  writers: RowWriters,
  port: DataPort,
  { indices, ...request }: ReadRequest,
  target: Float32Array,
): void {
  const write = writers(request);
  const width = portWidth(port);
  for (let index = 0; index < indices.length; index += 1) {
    const row = rowOfTable(part, indices[index] ?? 0);
    write(table.values, row * table.width + part.from, numberOf(table, row), target, index * width);
  }
}
