/** How raw values become values of a port: resolved once from a source's options and what its table holds. */
import type { DataPort, SourceSpec } from '@sbn/program';
import { DataError } from '../errors.js';
import { optionError, readNumber } from './options.js';
import { formatPort, portWidth } from './ports.js';
import type { RawTable } from './raw-table.js';

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
  readonly fromRow: number;
  readonly toRow: number;
  readonly from: number;
  readonly to: number;
}

/** @throws DataError when widths do not fit, or values need an option that is not there. */
export function resolveConversion(table: RawTable, part: TablePart, spec: SourceSpec, port: DataPort): Conversion {
  const width = part.to - part.from;
  const { element } = port;
  const binarize = spec.options['binarize'];
  const ownThreshold = spec.options['threshold'];
  if (ownThreshold !== undefined && binarize !== 'threshold') {
    throw optionError(spec, 'threshold', ownThreshold, 'it needs binarize=threshold');
  }
  if (element.kind === 'onehot' && width * element.classes === portWidth(port) && element.classes > 1) {
    for (const key of ['binarize', 'scale']) {
      const text = spec.options[key];
      if (text !== undefined) throw optionError(spec, key, text, `data ${port.name} takes labels as they are`);
    }
    return { kind: 'labels', classes: element.classes };
  }
  checkWidth(table, width, port);
  const by = readScale(spec, table);
  switch (binarize) {
    case 'threshold':
      if (by !== undefined)
        throw optionError(spec, 'scale', spec.options['scale'] ?? '', 'a threshold is for values as they are');
      return { kind: 'threshold', above: readNumber(spec, 'threshold', table.full === 255 ? 127 : table.full / 2) };
    case 'bernoulli':
      return { kind: 'bernoulli', full: by ?? table.full };
    case undefined:
      if (by !== undefined) return { kind: 'divide', by };
      return { kind: 'divide', by: element.kind === 'binary' ? binaryDivisor(table, part, port) : 1 };
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
  const hint =
    whole && width === 2 * wanted
      ? 'take half of each row with slice=top or slice=bottom'
      : `choose ${String(wanted)} values of each row with slice=from:to, or declare data ${port.name} with ${String(width)} values`;
  throw new DataError(
    { data: port.name, source: table.source },
    `rows of ${String(width)} values${whole ? '' : ' after slicing'} do not fit ${formatPort(port)}`,
    hint,
  );
}

/** Without `binarize`, values that are all 0 or 1, or bytes that are all 0 or 255, are binary already. */
function binaryDivisor(table: RawTable, part: TablePart, port: DataPort): number {
  const bytes = table.values instanceof Uint8Array;
  /** What stands for 1, once that is known. */
  let one: number | undefined;
  for (let row = part.fromRow; row < part.toRow; row += 1) {
    for (let column = part.from; column < part.to; column += 1) {
      const value = table.values[row * table.width + column] ?? NaN;
      if (value === 0 || value === one) continue;
      if (one === undefined && (value === 1 || (bytes && value === 255))) {
        one = value;
        continue;
      }
      throw new DataError(
        { data: port.name, source: table.source, row, column, value },
        `${String(value)} is not binary, and data ${port.name} is declared ${formatPort(port)}`,
        'add binarize=threshold (or binarize=bernoulli) to the source',
      );
    }
  }
  return one ?? 1;
}
