/** JSON lines block by block. */
import { at } from '@sbn/program';
import { readJsonLines } from '../formats/json-lines.js';
import { readExactly, type ByteSource } from './byte-source.js';
import type { BlockFile } from './block-file.js';
import { findBlocks } from './text-blocks.js';

/** @throws DataError */
export async function openJsonLines(bytes: ByteSource): Promise<BlockFile> {
  const { name: source } = bytes;
  const blocks = await findBlocks(bytes, { delimiter: undefined, skipsBlank: true, headers: 0 });
  return {
    source,
    rows: blocks.reduce((sum, { rows }) => sum + rows, 0),
    blocks,
    isSeekable: bytes.isSeekable,
    mayHaveTexts: true,
    read: async (number) => {
      const block = at(blocks, number);
      const content = await readExactly(
        bytes,
        block.start,
        block.end,
        `row ${String(block.firstRow + block.rows - 1)}`,
      );
      return readJsonLines(content, source, block.firstLine);
    },
  };
}
