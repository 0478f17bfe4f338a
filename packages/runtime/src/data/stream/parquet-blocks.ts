/** Apache Parquet block by block: a block is a row group. */
import { at } from '@sbn/program';
import { DataError } from '../../errors.js';
import { damagedParquet, fileOfRecords } from '../formats/parquet.js';
import type { Block, BlockFile } from './block-file.js';
import { readExactly, type ByteSource } from './byte-source.js';

/** @throws DataError */
export async function openParquet(bytes: ByteSource): Promise<BlockFile> {
  const { name: source, size, isSeekable } = bytes;
  if (size === undefined || !isSeekable)
    throw new DataError({ source }, 'a packed Parquet file cannot be read piece by piece', 'unpack it with gunzip');
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const file = {
    byteLength: size,
    slice: async (start: number, end = size): Promise<ArrayBuffer> =>
      (await readExactly(bytes, start, end, 'a column')).buffer as ArrayBuffer,
  };
  const rethrow = (cause: unknown): never => {
    throw cause instanceof DataError ? cause : damagedParquet(source, cause);
  };
  const metadata = await parquetMetadataAsync(file).catch(rethrow);
  const blocks: Block[] = [];
  let rows = 0;
  for (const group of metadata.row_groups) {
    blocks.push({ firstRow: rows, rows: Number(group.num_rows) });
    rows += Number(group.num_rows);
  }
  if (rows === 0) throw new DataError({ source }, 'the file has no rows', 'give one with rows');
  return {
    source,
    rows,
    blocks,
    isSeekable,
    mayHaveTexts: true,
    read: async (number, { names } = {}) => {
      const { firstRow, rows: count } = at(blocks, number);
      const columns = names === undefined ? {} : { columns: [...names] };
      const records = await parquetReadObjects({
        ...{ file, metadata, compressors, rowStart: firstRow, rowEnd: firstRow + count },
        ...columns,
      }).catch(rethrow);
      return fileOfRecords(records, source, firstRow);
    },
  };
}
