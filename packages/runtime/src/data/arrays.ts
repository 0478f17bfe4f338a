/** Data sets over arrays in memory, and data sets joined from columns. */
import { at, type DataPort } from '@sbn/program';
import type { Column, Dataset, MemoryColumn, NumericArray, ReadRequest, RowsByName } from '../dataset.js';
import { DataError } from '../errors.js';
import { suggestNames } from '../suggest.js';
import { spreadBytes } from './byte-rows.js';
import { rememberColumns } from './checked.js';
import type { DataFingerprint } from './fingerprint.js';
import { checkPortValues, formatPort, portWidth } from './ports.js';
import { orderOfColumns } from './stream/row-order.js';

/**
 * A data set over arrays in memory, `rows × width` values each, row-major; every value is checked
 * against its port. The arrays are not copied, and must not be changed after. Ports may be left
 * out; what a program needs is checked when it is run.
 * @throws DataError naming the data, row, column and value.
 */
export function datasetFromArrays(ports: readonly DataPort[], arrays: Readonly<Record<string, NumericArray>>): Dataset {
  return datasetFromColumns(Object.entries(arrays).map(([name, values]) => arrayColumn(findPort(ports, name), values)));
}

/** The port of this name. @throws DataError with the names that there are. */
export function findPort(ports: readonly DataPort[], name: string): DataPort {
  const port = ports.find((candidate) => candidate.name === name);
  if (port !== undefined) return port;
  const known = ports.map((candidate) => candidate.name);
  throw new DataError(
    { data: name },
    'the model declares no data of this name',
    suggestNames(name, known, 'data of the model'),
  );
}

function arrayColumn(port: DataPort, values: NumericArray): MemoryColumn {
  const width = portWidth(port);
  const rows = width === 0 ? 0 : Math.floor(values.length / width);
  if (rows * width !== values.length) {
    throw new DataError(
      { data: port.name },
      `${String(values.length)} values are not whole rows of ${formatPort(port)}`,
      `give a multiple of ${String(width)} values`,
    );
  }
  checkPortValues(port, values, { source: 'array', rowOf: (index) => index });
  return {
    name: port.name,
    source: 'array',
    rows,
    width,
    // By `read` itself.
    checked: port,
    isInMemory: true,
    read: ({ indices }, target) => {
      let areKnown = port.element.kind === 'binary' && values instanceof Uint8Array;
      for (let index = 0; index < indices.length; index += 1) {
        const start = (indices[index] ?? 0) * width;
        if (values instanceof Uint8Array) {
          const areBits = spreadBytes(values, start, width, target, index * width);
          areKnown &&= areBits;
          continue;
        }
        const end = start + width;
        target.set(isArray(values) ? values.slice(start, end) : values.subarray(start, end), index * width);
      }
      // An app may change its arrays after all.
      if (!areKnown) checkPortValues(port, target, { source: 'data set', rowOf: (index) => indices[index] ?? index });
    },
  };
}

/** Joins columns. @throws DataError when their numbers of rows differ, a name comes twice, or there is none. */
export function datasetFromColumns(columns: readonly Column[]): Dataset {
  const [first, ...others] = columns;
  if (first === undefined)
    throw new DataError({}, 'a data set needs at least one data name', 'leave the data out instead');
  const names = new Set([first.name]);
  for (const column of others) {
    if (names.has(column.name))
      throw new DataError({ data: column.name }, 'is given twice', 'give each data name once');
    names.add(column.name);
    if (column.rows !== first.rows) {
      throw new DataError(
        { data: column.name, source: column.source },
        `${String(column.rows)} rows, but data ${first.name} (${first.source}) has ${String(first.rows)}`,
        'give every data name the same rows',
      );
    }
  }
  const widths = Object.fromEntries(columns.map((column) => [column.name, column.width]));
  const dataset: Dataset = {
    rows: first.rows,
    widths,
    read: (request, spare) => readColumns(columns, request, spare),
    ...orderOfColumns(columns),
    fingerprints: async () => {
      const found: Record<string, DataFingerprint> = {};
      for (const column of columns) {
        const fingerprint = await column.fingerprint?.();
        if (fingerprint !== undefined) found[column.name] = fingerprint;
      }
      return found;
    },
    close: async () => {
      for (const column of columns) await column.close?.();
    },
  };
  rememberColumns(dataset, columns);
  return dataset;
}

/** The type guard of the language does not tell arrays that are read-only from typed ones. */
function isArray(values: NumericArray): values is readonly number[] {
  return Array.isArray(values);
}

async function readColumns(
  columns: readonly Column[],
  request: ReadRequest,
  spare: RowsByName = {},
): Promise<RowsByName> {
  const values = columns.map(({ name, width }) => {
    const length = request.indices.length * width;
    const own = Object.hasOwn(spare, name) ? spare[name] : undefined;
    return own?.length === length ? own : new Float32Array(length);
  });
  await Promise.all(
    columns.map(async (column, place) => {
      await column.read(request, at(values, place));
    }),
  );
  return Object.fromEntries(columns.map(({ name }, place) => [name, at(values, place)]));
}

/**
 * One-hot rows of labels, `labels.length × classes`.
 * @throws DataError for a label that is no integer in `[0, classes)`.
 */
export function oneHot(labels: NumericArray, classes: number): Float32Array {
  const target = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] ?? NaN;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new DataError({ row, value: label }, `${String(label)} is not a label from 0 to ${String(classes - 1)}`);
    }
    target[row * classes + label] = 1;
  }
  return target;
}
