/** Pictures as grey levels. */
import { DataError } from '../../errors.js';

export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  /** Row by row, from the top. */
  readonly values: Uint8Array | Uint16Array;
  /** What is white: 255 or 65,535. */
  readonly full: number;
}

/** Colours become their luminance (Rec. 601), and what is transparent stays as it is underneath. @throws DataError */
export async function decodePng(bytes: Uint8Array, source: string): Promise<GreyPicture> {
  const { convertIndexedToRgb, decode } = await import('fast-png');
  let picture: ReturnType<typeof decode>;
  try {
    picture = decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError({ source }, `not a PNG picture, or a damaged one: ${reason}`, 'fetch or write the file again', {
      cause,
    });
  }
  const { width, height, depth, palette } = picture;
  const pixels = palette === undefined ? picture.data : convertIndexedToRgb(picture);
  const channels = palette === undefined ? picture.channels : 3;
  const full = depth === 16 ? 65535 : palette === undefined ? 2 ** depth - 1 : 255;
  const count = width * height;
  const unpacked = depth < 8 && palette === undefined ? unpackBits(pixels, width, height, depth) : pixels;
  const values = depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const grey = 255 / full;
  for (let pixel = 0; pixel < count; pixel += 1) {
    const at = (channel: number): number => unpacked[pixel * channels + channel] ?? 0;
    const level = channels < 3 ? at(0) : Math.round(0.299 * at(0) + 0.587 * at(1) + 0.114 * at(2));
    values[pixel] = depth === 16 ? level : level * grey;
  }
  return { width, height, values, full: depth === 16 ? 65535 : 255 };
}

/** Pixels of fewer than eight bits, each line beginning with a byte of its own. */
function unpackBits(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const bytesPerLine = Math.ceil((width * depth) / 8);
  const values = new Uint8Array(width * height);
  if (packed.length === values.length) return Uint8Array.from(packed);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const bit = x * depth;
      const byte = packed[y * bytesPerLine + (bit >> 3)] ?? 0;
      values[y * width + x] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    }
  }
  return values;
}
