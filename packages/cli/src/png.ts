/** Pictures side by side as a PNG file. */
import { encode } from 'fast-png';
import type { ImageSize } from './picture.js';

/** Pixels between two pictures, and around all of them. */
const GAP = 2;
const GROUND = 128;

export interface GridOptions {
  /** Pictures in a line; by default as many as make the grid about as wide as high. */
  readonly perLine?: number | undefined;
  /** The value that is black, and the one that is white; by default 0 and 1. */
  readonly range?: readonly [black: number, white: number];
  /** How many times each pixel is repeated in both directions. */
  readonly scale?: number;
}

/** Grey levels; values outside of the range are cut off. */
export function encodeGrid(
  images: readonly ArrayLike<number>[],
  { height, width }: ImageSize,
  {
    perLine = Math.ceil(Math.sqrt((images.length * height) / width)),
    range: [black, white] = [0, 1],
    scale = 1,
  }: GridOptions = {},
): Uint8Array {
  const lines = Math.ceil(images.length / perLine);
  const [stepY, stepX] = [height * scale + GAP, width * scale + GAP];
  const [totalHeight, totalWidth] = [lines * stepY + GAP, perLine * stepX + GAP];
  const data = new Uint8Array(totalHeight * totalWidth).fill(GROUND);
  images.forEach((image, index) => {
    const [top, left] = [GAP + Math.floor(index / perLine) * stepY, GAP + (index % perLine) * stepX];
    for (let y = 0; y < height * scale; y += 1) {
      for (let x = 0; x < width * scale; x += 1) {
        const value = image[Math.floor(y / scale) * width + Math.floor(x / scale)] ?? 0;
        const level = Math.round((255 * (value - black)) / (white - black));
        data[(top + y) * totalWidth + left + x] = Math.min(255, Math.max(0, level));
      }
    }
  });
  return encode({ width: totalWidth, height: totalHeight, data, channels: 1, depth: 8 });
}
