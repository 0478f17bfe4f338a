/** A column whose rows are read from a file block by block, as they are needed. */
import { at, type DataPort, type SourceSpec } from '@sbn/program';
import type { Column, ReadRequest, RowRange } from '../../dataset.js';
import { DataError, saidOfData } from '../../errors.js';
import { findOne, resolveConversion, type Conversion, type TablePart } from '../conversion.js';
import { rowWriters, type RowWriters } from '../convert-rows.js';
import { fingerprintFiles, kindOf, type FileSource } from '../fingerprint.js';
import { checkTable, choosePart, keepsKind, rowOfTable, rowsOfPart } from '../fit-table.js';
import { chooseFields, pickFields, type LabelsByField } from '../formats/choose-fields.js';
import { readFlag, readInteger } from '../options.js';
import { portWidth } from '../ports.js';
import type { RawTable, RawValues } from '../raw-table.js';
import { blockOf, type BlockFile } from './block-file.js';
import { BlockCache } from './block-cache.js';
import { findLabels } from './find-labels.js';

/** Labels that are looked for before there are too many to be labels. */
const MOST_LABELS = 10_000;

/** What is left of a block once its values are checked. */
interface BlockValues {
  readonly values: RawValues;
  readonly firstRow: number;
}

/** What is the same for all blocks. */
interface Reading {
  readonly file: BlockFile;
  readonly spec: SourceSpec;
  readonly port: DataPort;
  readonly names: readonly string[] | undefined;
  readonly labels: LabelsByField;
}

/**
 * Values are checked when their block is read, and not when it is opened. A text is gone through once, to count its rows, and once more for labels. `files` are
 * what it reads, where the column is to have a fingerprint.
 * @throws DataError
 */
export async function streamColumn(
  file: BlockFile,
  spec: SourceSpec,
  port: DataPort,
  files?: readonly FileSource[],
): Promise<Column> {
  if (file.rows === 0) throw new DataError({ source: file.source }, 'the file has no rows', 'give one with rows');
  const head = await file.read(0);
  const names = pickFields(head, spec, port).flatMap(({ name }) => (name === undefined ? [] : [name]));
  const options = { names: names.length === 0 ? undefined : names };
  const mayHaveLabels = file.mayHaveTexts && port.element.kind === 'onehot';
  const labels = mayHaveLabels ? await findLabels(file, options, MOST_LABELS) : new Map<string, string[]>();
  const reading: Reading = { file, spec, port, ...options, labels };
  const first = await readTable(reading, 0);
  const part = choosePart({ source: file.source, rows: file.rows, width: first.width }, spec);
  const { conversion, one } = await findConversion(reading, first, part);
  const load = async (block: number): Promise<BlockValues> => {
    const table = await readTable(reading, block).catch((error: unknown) => {
      throw saidOfData(port.name, error);
    });
    if (table.width !== first.width) {
      const problem = `rows of ${String(table.width)} values, and of ${String(first.width)} before`;
      throw new DataError({ data: port.name, source: table.source }, problem, 'give every row as many');
    }
    const own = partOfBlock(table, part);
    if (one !== undefined) findOne(table, own, port, one);
    checkTable(table, own, conversion, port);
    return { values: table.values, firstRow: at(file.blocks, block).firstRow };
  };
  const cache = new BlockCache(load);
  const writers = rowWriters(conversion, part.to - part.from, port.name);
  const from = at(file.blocks, blockOf(file.blocks, part.fromRow));
  return {
    name: port.name,
    source: file.source,
    rows: rowsOfPart(part),
    width: portWidth(port),
    checked: keepsKind(conversion, port) ? port : undefined,
    ...(files === undefined
      ? {}
      : {
          fingerprint: async () => ({
            ...{ rows: part.toRow - part.fromRow, width: first.width, values: kindOf(first.values) },
            ...(await fingerprintFiles(files)),
          }),
        }),
    pieces: {
      rows: from.rows,
      rowBytes: first.width * first.values.BYTES_PER_ELEMENT,
      isSeekable: file.isSeekable,
      buffer: spec.options['buffer'] === undefined ? undefined : readInteger(spec, 'buffer', 0, 1, 0xffffffff),
      expect: (ranges) => {
        cache.expect(ranges.flatMap((range) => blocksOf(file, part, range)));
      },
    },
    read: (request, target) => readRows(file, part, cache, writers, port, first.width, request, target),
  };
}

async function readTable({ file, spec, port, names, labels }: Reading, block: number): Promise<RawTable> {
  const { firstRow, rows } = at(file.blocks, block);
  const piece = await file.read(block, { names, keepTexts: labels.size > 0 });
  if (piece.rows !== rows) {
    const problem = `rows ${String(firstRow)} to ${String(firstRow + rows - 1)} are ${String(piece.rows)} now: the file has changed, or its quotes are not closed`;
    throw new DataError({ data: port.name, source: piece.source }, problem, 'mend the file, and begin again');
  }
  return chooseFields({ ...piece, firstRow }, spec, port, labels);
}

/** `one` is what stands for 1 in all blocks, where that had to be found. */
async function findConversion(
  reading: Reading,
  first: RawTable,
  part: TablePart,
): Promise<{ readonly conversion: Conversion; readonly one: number | undefined }> {
  const { file, spec, port } = reading;
  // No divisor is 0: that it comes back says that one was asked for.
  const conversion = resolveConversion(first, part, spec, port, () => 0);
  if (!(conversion.kind === 'divide' && conversion.by === 0)) return { conversion, one: undefined };
  let one: number | undefined;
  for (let block = blockOf(file.blocks, part.fromRow); block < file.blocks.length && one === undefined; block += 1) {
    const table = await readTable(reading, block);
    if ((table.firstRow ?? 0) >= part.toRow) break;
    one = findOne(table, partOfBlock(table, part), port);
  }
  return { conversion: { kind: 'divide', by: one ?? 1 }, one: one ?? 1 };
}

/** The rows of a block that are among those that the source takes. */
function partOfBlock({ firstRow = 0, rows }: RawTable, { fromRow, toRow, from, to }: TablePart): TablePart {
  const clip = (row: number): number => Math.min(rows, Math.max(0, row - firstRow));
  return { order: undefined, fromRow: clip(fromRow), toRow: clip(toRow), from, to };
}

function blocksOf({ blocks }: BlockFile, part: TablePart, [from, to]: RowRange): readonly number[] {
  if (from >= to) return [];
  const first = blockOf(blocks, rowOfTable(part, from));
  const last = blockOf(blocks, rowOfTable(part, to - 1));
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

async function readRows(
  file: BlockFile,
  part: TablePart,
  cache: BlockCache<BlockValues>,
  writers: RowWriters,
  port: DataPort,
  tableWidth: number,
  { indices, ...request }: ReadRequest,
  target: Float32Array,
): Promise<void> {
  const width = portWidth(port);
  const write = writers(request);
  // Blocks in the order of the file, as some files go forward only.
  const byBlock = new Map<number, number[]>();
  for (const [index, own] of indices.entries()) {
    const block = blockOf(file.blocks, rowOfTable(part, own));
    const others = byBlock.get(block);
    if (others === undefined) byBlock.set(block, [index]);
    else others.push(index);
  }
  const ordered = [...byBlock.keys()].sort((a, b) => a - b);
  for (const block of ordered) {
    const { values, firstRow } = cache.get(block) ?? (await cache.load(block));
    for (const index of byBlock.get(block) ?? []) {
      const row = rowOfTable(part, indices[index] ?? 0);
      write(values, (row - firstRow) * tableWidth + part.from, row, target, index * width);
    }
  }
  const last = ordered.at(-1);
  if (last !== undefined && last + 1 < file.blocks.length && areConsecutive(indices)) cache.readAhead(last + 1);
}

function areConsecutive(indices: Uint32Array): boolean {
  const [first = 0] = indices;
  return indices.every((row, index) => row === first + index);
}

/** Whether a source says that it is to be read piece by piece, or whole; `undefined` where it does not. @throws DataError */
export function asksForStream(spec: SourceSpec): boolean | undefined {
  if (spec.options['stream'] !== undefined) return readFlag(spec, 'stream');
  return spec.options['buffer'] === undefined ? undefined : true;
}
