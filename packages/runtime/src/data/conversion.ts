/** How raw values become values of a port: resolved once from a source's options and what its table holds. */
import type { DataPort, SourceSpec } from '@sbn/program';
import { DataError } from '../errors.js';
import { misplacedOption, optionError, readNumber } from './options.js';
import { formatPort, portWidth } from './ports.js';
import { placeInTable, type RawTable } from './raw-table.js';

export type Conversion =
  | { readonly kind: 'divide'; readonly by: number }
  /** 1 where the value is greater, else 0 */
  | { readonly kind: 'threshold'; readonly above: number }
  /** 1 with probability value / full, drawn afresh for each epoch */
  | { readonly kind: 'bernoulli'; readonly full: number }
  /** one-hot vectors of `classes` */
  | { readonly kind: 'labels'; readonly classes: number };

/** Which part of a table is used: rows `[fromRow, toRow)`, columns `[from, to)`. */
export interface TablePart {
  /** Of these rows, counted from `fromRow`, the ones that are used, in this order; `undefined` for all as they stand. */
  readonly order: Uint32Array | undefined;
  readonly fromRow: number;
  readonly toRow: number;
  readonly from: number;
  readonly to: number;
}

/**
 * `divisor` is asked what stands for 1 where nothing says how values become binary.
 * @throws DataError when widths do not fit, or values need an option that is not there.
 */
export function resolveConversion(
  table: RawTable,
  part: TablePart,
  spec: SourceSpec,
  port: DataPort,
  divisor: () => number = () => findOne(table, part, port) ?? 1,
): Conversion {
  const width = part.to - part.from;
  const { element } = port;
  const binarize = spec.options['binarize'];
  const ownThreshold = spec.options['threshold'];
  if (ownThreshold !== undefined && binarize !== 'threshold') {
    throw misplacedOption(spec, 'threshold', 'it needs binarize=threshold');
  }
  if (element.kind === 'onehot' && width * element.classes === portWidth(port) && element.classes > 1) {
    for (const key of ['binarize', 'scale']) {
      if (spec.options[key] !== undefined)
        throw misplacedOption(spec, key, `data ${port.name} takes labels as they are`);
    }
    return { kind: 'labels', classes: element.classes };
  }
  checkWidth(table, width, port);
  const by = readScale(spec, table);
  switch (binarize) {
    case 'threshold':
      if (by !== undefined) throw misplacedOption(spec, 'scale', 'a threshold is for values as they are');
      return { kind: 'threshold', above: readNumber(spec, 'threshold', table.full === 255 ? 127 : table.full / 2) };
    case 'bernoulli':
      return { kind: 'bernoulli', full: by ?? table.full };
    case undefined:
      if (by !== undefined) return { kind: 'divide', by };
      return { kind: 'divide', by: element.kind === 'binary' ? divisor() : 1 };
    default:
      throw optionError(spec, 'binarize', binarize, 'choose threshold or bernoulli');
  }
}

function readScale(spec: SourceSpec, table: RawTable): number | undefined {
  const text = spec.options['scale'];
  if (text === undefined || text === 'false') return undefined;
  if (text === 'true') return table.full;
  const by = readNumber(spec, 'scale', table.full);
  if (by > 0) return by;
  throw optionError(spec, 'scale', text, 'give the value that shall become 1, greater than 0');
}

function checkWidth(table: RawTable, width: number, port: DataPort): void {
  const wanted = portWidth(port);
  if (width === wanted) return;
  const whole = width === table.width;
  throw new DataError(
    { data: port.name, source: table.source },
    `rows of ${formatValues(width)}${whole ? '' : ' after slicing'} do not fit ${formatPort(port)}`,
    widthHint(table.width, width, port),
  );
}

/** `raw` values in a row of the source, of which `width` are left. */
function widthHint(raw: number, width: number, port: DataPort): string {
  const wanted = portWidth(port);
  const declare = `declare data ${port.name} with ${formatValues(width)}`;
  if (raw === 1) return `if these are labels, give the file that the labels are for; else ${declare}`;
  if (raw < wanted) return declare;
  if (raw === wanted) return `leave slice out, or ${declare}`;
  if (width === 2 * wanted && width === raw) return 'take half of each row with slice=top or slice=bottom';
  return `choose ${formatValues(wanted)} of each row with slice=from:to, or ${declare}`;
}

function formatValues(count: number): string {
  return count === 1 ? '1 value' : `${String(count)} values`;
}

/**
 * Without `binarize`, values that are all 0 or 1, or bytes that are all 0 or 255, are binary already. Gives what stands for 1, once that is
 * known; `one` is what did in rows before. @throws DataError
 */
export function findOne(table: RawTable, part: TablePart, port: DataPort, one?: number): number | undefined {
  const bytes = table.values instanceof Uint8Array;
  for (let row = part.fromRow; row < part.toRow; row += 1) {
    for (let column = part.from; column < part.to; column += 1) {
      const value = table.values[row * table.width + column] ?? NaN;
      if (value === 0 || value === one) continue;
      if (one === undefined && (value === 1 || (bytes && value === 255))) {
        one = value;
        continue;
      }
      throw new DataError(
        placeInTable(table, port.name, row, column, value),
        `${String(value)} is not binary, and data ${port.name} is declared ${formatPort(port)}`,
        'add binarize=threshold (or binarize=bernoulli) to the source',
      );
    }
  }
  return one;
}
