/** The labels of a file that is read block by block: all of its texts have to be seen before the first can be a number. */
import { DataError } from '../../errors.js';
import type { LabelsByField } from '../formats/choose-fields.js';
import type { BlockFile, ReadBlockOptions } from './block-file.js';

interface Found {
  readonly texts: Set<string>;
  isNumeric: boolean;
  /** Blocks that have texts in it. */
  blocks: number;
}

/** Of the fields `names` that are not all numbers. @throws DataError */
export async function findLabels(file: BlockFile, { names }: ReadBlockOptions, most: number): Promise<LabelsByField> {
  const found = new Map<string | undefined, Found>();
  for (const [number] of file.blocks.entries()) {
    const { fields } = await file.read(number, { names, keepTexts: true });
    for (const { name, texts, isNumeric } of fields) {
      if (texts === undefined || (names !== undefined && !names.includes(name ?? ''))) continue;
      const own = found.get(name) ?? { texts: new Set(), isNumeric: true, blocks: 0 };
      found.set(name, own);
      own.isNumeric &&= isNumeric === true;
      own.blocks += 1;
      // As many are kept as tell that there are too many.
      for (const text of texts) if (own.texts.size < most) own.texts.add(text);
    }
  }
  const labels = new Map<string | undefined, readonly string[]>();
  for (const [name, { texts, isNumeric, blocks }] of found) {
    if (isNumeric) continue;
    if (blocks < file.blocks.length) {
      const problem = `${name ?? 'the column'} is a text in some rows only`;
      throw new DataError({ source: file.source }, problem, 'write numbers in all of them');
    }
    labels.set(name, [...texts].sort());
  }
  return labels;
}
