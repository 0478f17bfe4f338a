/** A file that is read block by block: what `RawFile` is to a file in memory. */
import { at } from '@sbn/program';
import type { RawFile } from '../formats/raw-file.js';

export interface Block {
  /** Its first row, and how many it has. */
  readonly firstRow: number;
  readonly rows: number;
}

export interface ReadBlockOptions {
  /** Fields that are needed, where it pays to leave the others out; `undefined` for all. */
  readonly names?: readonly string[] | undefined;
  /** Whether fields that can be numbers keep their texts as well: they may be labels. */
  readonly keepTexts?: boolean | undefined;
}

export interface BlockFile {
  /** Path, for messages. */
  readonly source: string;
  readonly rows: number;
  /** One after the other from row 0. */
  readonly blocks: readonly Block[];
  /** Whether any block can be read next. */
  readonly isSeekable: boolean;
  /** Whether fields may hold texts. */
  readonly mayHaveTexts: boolean;
  /** The rows of a block, as a file of their own. @throws DataError */
  read(block: number, options?: ReadBlockOptions): Promise<RawFile>;
}

/** The block that a row is in. */
export function blockOf(blocks: readonly Block[], row: number): number {
  let [low, high] = [0, blocks.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (at(blocks, middle).firstRow <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Bytes that a block of records or lines has, roughly: a read from a disk is worth it, and many of them fit a buffer. */
export const BLOCK_BYTES = 2 ** 18;

/** Blocks of `size` rows, the last of what is left. */
export function evenBlocks(rows: number, size: number): readonly Block[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, block) => {
    const firstRow = block * size;
    return { firstRow, rows: Math.min(size, rows - firstRow) };
  });
}

/** How many rows of so many bytes make a block. */
export function rowsPerBlock(rowBytes: number): number {
  return Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, rowBytes)));
}

/** A file in memory as one block. */
export function asBlocks(file: RawFile): BlockFile {
  const { source, rows, fields } = file;
  return {
    source,
    rows,
    blocks: [{ firstRow: 0, rows }],
    isSeekable: true,
    mayHaveTexts: fields.some(({ texts }) => texts !== undefined),
    read: () => Promise.resolve(file),
  };
}
