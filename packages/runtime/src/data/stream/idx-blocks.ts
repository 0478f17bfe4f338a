/** IDX files block by block: a block is a range of records. */
import { readIdxHeader } from '../idx.js';
import { at } from '@sbn/program';
import { readExactly, type ByteSource } from './byte-source.js';
import { evenBlocks, rowsPerBlock, type BlockFile } from './block-file.js';

/** @throws DataError where it is no IDX file, or is shorter or longer than its header says */
export async function openIdx(bytes: ByteSource): Promise<BlockFile> {
  const { name: source } = bytes;
  const start = await bytes.read(0, 4 + 4 * 255);
  const header = readIdxHeader(start, source, bytes.size);
  const { shape, type, length } = header;
  const [rows = 0, ...row] = shape;
  const rowBytes = row.reduce((product, own) => product * own, type.bytes);
  const blocks = evenBlocks(rows, rowsPerBlock(rowBytes));
  return {
    source,
    rows,
    blocks,
    isSeekable: bytes.isSeekable,
    mayHaveTexts: false,
    read: async (number) => {
      const block = at(blocks, number);
      const from = length + block.firstRow * rowBytes;
      const content = await readExactly(
        bytes,
        from,
        from + block.rows * rowBytes,
        `row ${String(block.firstRow + block.rows - 1)}`,
      );
      const values = type.read(new DataView(content.buffer, content.byteOffset), content.length / type.bytes);
      return {
        source,
        rows: block.rows,
        fields: [{ name: undefined, shape: row, values, full: values instanceof Uint8Array ? 255 : 1 }],
      };
    },
  };
}
