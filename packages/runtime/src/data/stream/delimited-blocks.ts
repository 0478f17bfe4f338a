/** Comma- and tab-separated values block by block. */
import { readDelimitedHead, readDelimitedPart } from '../formats/delimited.js';
import type { ByteSource } from './byte-source.js';
import type { BlockFile } from './block-file.js';
import { fileOfBlocks, findBlocks } from './text-blocks.js';

/** Bytes from which the header and what separates columns are found out, at most. */
const HEAD_BYTES = 2 ** 22;

/** @throws DataError naming the line */
export async function openDelimited(bytes: ByteSource): Promise<BlockFile> {
  const { name: source } = bytes;
  const start = await bytes.read(0, HEAD_BYTES);
  const head = await readDelimitedHead(start, source);
  const rules = { delimiter: head.delimiter, skipsBlank: false, headers: head.hasHeader ? 1 : 0 };
  const blocks = await findBlocks(bytes, rules);
  return fileOfBlocks(bytes, blocks, async ({ number, block: { firstRow }, content }, { keepTexts }) => {
    // The first block begins with the header.
    const known = number === 0 ? undefined : head;
    return (await readDelimitedPart(content, source, { head: known, firstRow, keepTexts })).file;
  });
}
