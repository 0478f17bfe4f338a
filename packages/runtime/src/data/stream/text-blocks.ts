/** How a text of lines falls into blocks: found in one pass over its bytes, which decodes nothing. */
import { at } from '@sbn/program';
import { DataError } from '../../errors.js';
import type { RawFile } from '../formats/raw-file.js';
import { BLOCK_BYTES, type Block, type BlockFile, type ReadBlockOptions } from './block-file.js';
import { readExactly, type ByteSource } from './byte-source.js';

export interface TextBlock extends Block {
  /** Bytes `[start, end)`, whole records. */
  readonly start: number;
  readonly end: number;
  /** The number of its first line, from 1. */
  readonly firstLine: number;
}

/** What is a line break inside a record, and which lines are none. */
export interface LineRules {
  /** Whether quotes may hold line breaks, and what stands between cells then. */
  readonly delimiter: string | undefined;
  /** Whether a line of spaces is no record; else only one without anything is. */
  readonly skipsBlank: boolean;
  /** Records at the beginning that are no rows. */
  readonly headers: number;
}

const [LINE_FEED, RETURN, SPACE, QUOTE] = [10, 13, 32, 34] as const;
const READ_AT_ONCE = 2 ** 22;

/** What is in a block. */
export interface TextContent {
  readonly number: number;
  readonly block: TextBlock;
  readonly content: Uint8Array;
}

/** The file of some blocks, each of which `decode` makes a small file of. */
export function fileOfBlocks(
  bytes: ByteSource,
  blocks: readonly TextBlock[],
  decode: (content: TextContent, options: ReadBlockOptions) => RawFile | Promise<RawFile>,
): BlockFile {
  return {
    source: bytes.name,
    rows: blocks.reduce((sum, { rows }) => sum + rows, 0),
    blocks,
    isSeekable: bytes.isSeekable,
    mayHaveTexts: true,
    read: async (number, options = {}) => {
      const block = at(blocks, number);
      const last = `row ${String(block.firstRow + block.rows - 1)}`;
      return decode({ number, block, content: await readExactly(bytes, block.start, block.end, last) }, options);
    },
  };
}

/** @throws DataError */
export async function findBlocks(bytes: ByteSource, rules: LineRules): Promise<readonly TextBlock[]> {
  const blocks: TextBlock[] = [];
  const reader = new RecordReader(rules);
  let [start, firstLine, before] = [0, 1, 0];
  const close = (end: number): void => {
    const rows = Math.max(0, reader.records - rules.headers) - before;
    if (rows > 0) blocks.push({ start, end, firstRow: before, rows, firstLine });
    else if (blocks.length === 0 && reader.records <= rules.headers) return;
    before += rows;
    start = end;
    firstLine = 1 + reader.lines;
  };
  for (let position = 0; ; position += READ_AT_ONCE) {
    const content = await bytes.read(position, position + READ_AT_ONCE);
    reader.read(content, (end) => {
      if (position + end - start >= BLOCK_BYTES) close(position + end);
    });
    if (content.length === READ_AT_ONCE) continue;
    reader.end();
    close(position + content.length);
    if (blocks.length === 0) throw new DataError({ source: bytes.name }, 'the file is empty', 'give one with rows');
    return blocks;
  }
}

/** Counts records and lines. A quote opens only where a cell begins, and two of them inside stand for one. */
class RecordReader {
  records = 0;
  lines = 0;
  readonly #delimiter: number;
  readonly #hasQuotes: boolean;
  readonly #skipsBlank: boolean;
  #isQuoted = false;
  /** Of the line so far: whether there is anything in it that makes it a record. */
  #hasContent = false;
  #previous: number = LINE_FEED;

  constructor({ delimiter, skipsBlank }: LineRules) {
    this.#delimiter = delimiter?.charCodeAt(0) ?? -1;
    this.#hasQuotes = delimiter !== undefined;
    this.#skipsBlank = skipsBlank;
  }

  /** Calls `onEnd` with the place behind each record. */
  read(bytes: Uint8Array, onEnd: (place: number) => void): void {
    if (!this.#isQuoted && !(this.#hasQuotes && bytes.includes(QUOTE))) {
      this.#readPlain(bytes, onEnd);
      return;
    }
    for (let place = 0; place < bytes.length; place += 1) {
      const byte = bytes[place] ?? 0;
      if (byte === QUOTE) {
        // The second of two quotes opens again what the first has closed.
        if (this.#isQuoted || this.#opensHere()) this.#isQuoted = !this.#isQuoted;
        this.#hasContent = true;
      } else if (byte === LINE_FEED) {
        if (this.#isQuoted) this.lines += 1;
        else this.#endLine(place + 1, onEnd);
      } else if (byte !== RETURN && !(this.#skipsBlank && byte <= SPACE)) this.#hasContent = true;
      this.#previous = byte;
    }
  }

  #opensHere(): boolean {
    const before = this.#previous;
    return before === this.#delimiter || before === LINE_FEED || before === RETURN || before === QUOTE;
  }

  /** Where there is no quote, lines are looked for and not bytes. */
  #readPlain(bytes: Uint8Array, onEnd: (place: number) => void): void {
    let place = 0;
    while (place < bytes.length) {
      const found = bytes.indexOf(LINE_FEED, place);
      const end = found < 0 ? bytes.length : found;
      for (let at = place; at < end && !this.#hasContent; at += 1) {
        const byte = bytes[at] ?? 0;
        this.#hasContent = byte !== RETURN && !(this.#skipsBlank && byte <= SPACE);
      }
      if (found >= 0) this.#endLine(found + 1, onEnd);
      place = end + 1;
    }
    this.#previous = bytes.at(-1) ?? this.#previous;
  }

  #endLine(place: number, onEnd: (place: number) => void): void {
    this.lines += 1;
    if (!this.#hasContent) return;
    this.records += 1;
    this.#hasContent = false;
    onEnd(place);
  }

  /** The last line needs no end. */
  end(): void {
    if (this.#hasContent) this.records += 1;
  }
}
