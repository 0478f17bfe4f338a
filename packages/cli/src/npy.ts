/** NumPy's array file, version 1.0: `numpy.lib.format`. */

/** Little-endian float32, row-major. */
export function encodeNpy(values: ArrayLike<number>, shape: readonly number[]): Uint8Array {
  // A tuple of one needs its comma.
  const tuple = shape.length === 1 ? `(${shape.join()},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length are 10 bytes; the values begin at a multiple of 64, after a newline.
  const padding = (64 - ((10 + dictionary.length + 1) % 64)) % 64;
  const header = `${dictionary}${' '.repeat(padding)}\n`;
  const bytes = new Uint8Array(10 + header.length + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  const start = 10 + header.length;
  for (let index = 0; index < values.length; index += 1) view.setFloat32(start + 4 * index, values[index] ?? 0, true);
  return bytes;
}
