/** NumPy's array file, version 1.0: `numpy.lib.format`. */

/** Little-endian float32, row-major. */
export function encodeNpy(values: ArrayLike<number>, shape: readonly number[]): Uint8Array {
  const { bytes, view, start } = encodeHeader(`'<f4'`, shape, 4 * values.length);
  for (let index = 0; index < values.length; index += 1) view.setFloat32(start + 4 * index, values[index] ?? 0, true);
  return bytes;
}

/** Columns of one length as an array of records, little-endian float64: `np.load(path)['bound']`. */
export function encodeTable(columns: ReadonlyMap<string, Float64Array>): Uint8Array {
  const all = [...columns.values()];
  const rows = all[0]?.length ?? 0;
  const fields = [...columns.keys()].map((name) => `('${name}', '<f8')`).join(', ');
  const { bytes, view, start } = encodeHeader(`[${fields}]`, [rows], 8 * rows * all.length);
  for (const [column, values] of all.entries())
    for (let row = 0; row < rows; row += 1)
      view.setFloat64(start + 8 * (row * all.length + column), values[row] ?? NaN, true);
  return bytes;
}

/** A file with `size` bytes of values to be written from `start` on. */
function encodeHeader(
  description: string,
  shape: readonly number[],
  size: number,
): { readonly bytes: Uint8Array; readonly view: DataView; readonly start: number } {
  // A tuple of one needs its comma.
  const tuple = shape.length === 1 ? `(${shape.join()},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': ${description}, 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length are 10 bytes; the values begin at a multiple of 64, after a newline.
  const padding = (64 - ((10 + dictionary.length + 1) % 64)) % 64;
  const header = `${dictionary}${' '.repeat(padding)}\n`;
  const start = 10 + header.length;
  const bytes = new Uint8Array(start + size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  return { bytes, view, start };
}
