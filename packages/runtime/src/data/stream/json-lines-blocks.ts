/** JSON lines block by block. */
import { readJsonLines } from '../formats/json-lines.js';
import type { ByteSource } from './byte-source.js';
import type { BlockFile } from './block-file.js';
import { fileOfBlocks, findBlocks } from './text-blocks.js';

/** @throws DataError */
export async function openJsonLines(bytes: ByteSource): Promise<BlockFile> {
  const blocks = await findBlocks(bytes, { delimiter: undefined, skipsBlank: true, headers: 0 });
  return fileOfBlocks(bytes, blocks, ({ block, content }) => readJsonLines(content, bytes.name, block.firstLine));
}
