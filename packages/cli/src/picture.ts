/** Binary images in the terminal: two pixels to a character, one above the other. */

/** Height and width in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** `[16]` is 4 × 4, `[28, 28]` is what it says, `[28, 28, 1]` too; undefined where a row of values is no picture. */
export function imageSizeOf(shape: readonly number[]): ImageSize | undefined {
  const [first, second, third] = shape;
  if (first === undefined || (third !== undefined && third !== 1) || shape.length > 3) return undefined;
  if (second !== undefined) return { height: first, width: second };
  const side = Math.round(Math.sqrt(first));
  return side > 1 && side * side === first ? { height: side, width: side } : undefined;
}

const BLOCKS = [' ', '▄', '▀', '█'];

function block(upper: boolean, lower: boolean): string {
  return BLOCKS[(upper ? 2 : 0) + (lower ? 1 : 0)] ?? '';
}

/** Lines of one image, in a thin frame that shows where a dark border ends. A pixel is lit from one half up. */
export function drawImage(pixels: ArrayLike<number>, { height, width }: ImageSize): string[] {
  const isLit = (row: number, column: number): boolean => row < height && (pixels[row * width + column] ?? 0) >= 0.5;
  const lines = [`┌${'─'.repeat(width)}┐`];
  for (let row = 0; row < height; row += 2) {
    let line = '';
    for (let column = 0; column < width; column += 1) line += block(isLit(row, column), isLit(row + 1, column));
    lines.push(`│${line}│`);
  }
  lines.push(`└${'─'.repeat(width)}┘`);
  return lines;
}

/** Images side by side, as many as fit into `columns` characters, then the next row of them. */
export function drawGrid(images: readonly ArrayLike<number>[], size: ImageSize, columns: number): string {
  const perLine = Math.max(1, Math.floor((columns + 1) / (size.width + 3)));
  let text = '';
  for (let start = 0; start < images.length; start += perLine) {
    const drawn = images.slice(start, start + perLine).map((image) => drawImage(image, size));
    const height = drawn[0]?.length ?? 0;
    for (let line = 0; line < height; line += 1) {
      text += `${drawn.map((lines) => lines[line] ?? '').join(' ')}\n`;
    }
  }
  return text;
}
