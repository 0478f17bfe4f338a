/** Several files as one, block after block. */
import { at } from '@sbn/program';
import type { Block, BlockFile } from './block-file.js';

/** `source` is what they are called together. */
export function joinBlocks(files: readonly BlockFile[], source: string): BlockFile {
  if (files.length === 1) return at(files, 0);
  const places: { readonly file: BlockFile; readonly block: number }[] = [];
  const blocks: Block[] = [];
  let rows = 0;
  for (const file of files) {
    for (const [block, { firstRow, rows: count }] of file.blocks.entries()) {
      places.push({ file, block });
      blocks.push({ firstRow: rows + firstRow, rows: count });
    }
    rows += file.rows;
  }
  return {
    source,
    rows,
    blocks,
    isSeekable: files.every(({ isSeekable }) => isSeekable),
    mayHaveTexts: files.some(({ mayHaveTexts }) => mayHaveTexts),
    read: async (number, options) => {
      const { file, block } = at(places, number);
      const piece = await file.read(block, options);
      const { firstRow } = at(file.blocks, block);
      return {
        ...piece,
        source,
        placeRow: (row) => ({
          source: file.source,
          rowName: `row ${String(firstRow + row)}`,
          ...piece.placeRow?.(row),
        }),
      };
    },
  };
}
