/** NumPy's arrays: one in a `.npy`, several by name in a `.npz`, which is a zip archive of them. */
import { DataError } from '../../errors.js';
import type { RawValues } from '../raw-table.js';
import type { RawField, RawFile } from './raw-file.js';

/** @throws DataError */
export async function readNpy(bytes: Uint8Array, source: string): Promise<RawFile> {
  const { rows, field } = await readArray(bytes, source, undefined);
  return { source, rows, fields: [field] };
}

/** @throws DataError also where the arrays have different numbers of rows */
export async function readNpz(bytes: Uint8Array, source: string): Promise<RawFile> {
  const { unzipSync } = await import('fflate');
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes);
  } catch (cause) {
    throw damaged(source, 'a zip archive', cause);
  }
  const arrays: { readonly rows: number; readonly field: RawField }[] = [];
  for (const [name, content] of Object.entries(entries)) {
    if (name.endsWith('.npy')) arrays.push(await readArray(content, source, name.slice(0, -'.npy'.length)));
  }
  const [first] = arrays;
  if (first === undefined) throw new DataError({ source }, 'there is no array in it', 'write it with numpy.savez');
  const other = arrays.find(({ rows }) => rows !== first.rows);
  if (other !== undefined) {
    const lengths = arrays.map(({ rows, field }) => `${String(field.name)} ${String(rows)}`).join(', ');
    throw new DataError({ source }, `its arrays have different numbers of rows: ${lengths}`, 'save them apart');
  }
  return { source, rows: first.rows, fields: arrays.map(({ field }) => field) };
}

/** `name` is that of an array of several. @throws DataError */
export async function readArray(
  bytes: Uint8Array,
  source: string,
  name: string | undefined,
): Promise<{ readonly rows: number; readonly field: RawField }> {
  const { parse } = await import('npyjs');
  const label = name === undefined ? source : `${source}, array ${name}`;
  // A buffer of its own: the values are read in place, and have to lie at a multiple of their size.
  const own = bytes.slice();
  if (!isNpy(own)) throw damaged(label, 'an NPY file', 'it does not start with \\x93NUMPY');
  let array: ReturnType<typeof parse>;
  try {
    array = parse(own.buffer);
  } catch (cause) {
    throw damaged(label, 'an NPY file', cause);
  }
  const { shape, data, fortranOrder, dtype } = array;
  const values = asNumbers(data);
  if (values === undefined) {
    throw new DataError({ source: label }, `its values are ${dtype}`, 'save it as integers or real numbers');
  }
  const [rows, ...row] = shape;
  if (rows === undefined)
    throw new DataError({ source: label }, 'an array without axes has no rows', 'give one with rows');
  const count = shape.reduce((product, length) => product * length, 1);
  if (values.length !== count) {
    const problem = `the NPY file is truncated: ${shape.join(' × ')} asks for ${String(count)} values, and there are ${String(values.length)}`;
    throw new DataError({ source: label }, problem, 'fetch or write the file again');
  }
  const ordered = fortranOrder && shape.length > 1 ? fromColumns(values, shape) : values;
  return { rows, field: { name, shape: row, values: ordered, full: ordered instanceof Uint8Array ? 255 : 1 } };
}

export function isNpy(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, place) => bytes[place] === byte);
}

function asNumbers(data: unknown): RawValues | undefined {
  // Of booleans it is a plain array.
  if (Array.isArray(data) && data.every((value) => typeof value === 'boolean')) return Uint8Array.from(data, Number);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (data instanceof Uint8Array || data instanceof Int8Array || data instanceof Uint16Array) return data;
  if (data instanceof Int16Array || data instanceof Int32Array || data instanceof Uint32Array) return data;
  return data instanceof Float32Array || data instanceof Float64Array ? data : undefined;
}

/** Row-major values of those in Fortran's order, the first axis fastest. */
function fromColumns(values: RawValues, shape: readonly number[]): RawValues {
  const result = values.slice();
  const index = shape.map(() => 0);
  for (let target = 0; target < values.length; target += 1) {
    let offset = 0;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) offset = offset * (shape[axis] ?? 1) + (index[axis] ?? 0);
    result[target] = values[offset] ?? NaN;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 1)) break;
      index[axis] = 0;
    }
  }
  return result;
}

export function damaged(source: string, what: string, cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DataError(
    { source },
    `not ${what}, or a damaged one: ${reason}`,
    'write it again, as integers or real numbers',
    {
      cause,
    },
  );
}
