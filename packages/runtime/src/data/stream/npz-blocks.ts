/** Arrays in a zip archive block by block: at their place in the file where they are stored, unpacked on the way where they are packed. */
import { DataError } from '../../errors.js';
import { damaged } from '../formats/numpy.js';
import { byteRange, readExactly, type ByteSource } from './byte-source.js';
import type { BlockFile } from './block-file.js';
import { blocksOfArrays, openArray, type ArrayBlocks } from './npy-blocks.js';
import { UnpackedBytes } from './unpacked-bytes.js';

interface Entry {
  readonly name: string;
  readonly isPacked: boolean;
  readonly packedSize: number;
  readonly size: number;
  /** Of the entry's own header. */
  readonly offset: number;
}

/** @throws DataError also where the arrays have different numbers of rows */
export async function openNpz(bytes: ByteSource): Promise<BlockFile> {
  const { name: source } = bytes;
  const arrays: ArrayBlocks[] = [];
  for (const entry of await readDirectory(bytes)) {
    if (!entry.name.endsWith('.npy')) continue;
    const packed = byteRange(bytes, await contentOf(bytes, entry), entry.packedSize);
    const content = entry.isPacked ? new UnpackedBytes(packed, 'deflate-raw', entry.size) : packed;
    arrays.push(await openArray(content, entry.name.slice(0, -'.npy'.length)));
  }
  const [first] = arrays;
  if (first === undefined) throw new DataError({ source }, 'there is no array in it', 'write it with numpy.savez');
  if (arrays.some(({ rows }) => rows !== first.rows)) {
    const lengths = arrays.map(({ rows, name }) => `${String(name)} ${String(rows)}`).join(', ');
    throw new DataError({ source }, `its arrays have different numbers of rows: ${lengths}`, 'save them apart');
  }
  return blocksOfArrays(arrays, source);
}

/** Signatures and sizes of the format's records (PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.14 and 4.3.16). */
const LOCAL = { signature: 0x04034b50, size: 30 };
const CENTRAL = { signature: 0x02014b50, size: 46 };
const END = { signature: 0x06054b50, size: 22 };
const END_64 = { signature: 0x06064b50, size: 56, locator: 20 };
/** What stands where a number needs 64 bits. */
const SEE_64 = 0xffffffff;

async function readDirectory(bytes: ByteSource): Promise<readonly Entry[]> {
  const { name, size, isSeekable } = bytes;
  if (size === undefined || !isSeekable)
    throw new DataError({ source: name }, 'a packed archive cannot be read piece by piece', 'unpack it with gunzip');
  const tailStart = Math.max(0, size - END.size - END_64.locator - 0xffff);
  const tail = viewOf(await bytes.read(tailStart, size));
  let end = tail.byteLength - END.size;
  while (end >= 0 && tail.getUint32(end, true) !== END.signature) end -= 1;
  if (end < 0) throw damaged(name, 'a zip archive', 'the list of its files is missing at the end: it may be truncated');
  let [length, start] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (start === SEE_64 || length === SEE_64) {
    const at64 = Number(tail.getBigUint64(end - END_64.locator + 8, true));
    const record = viewOf(await readExactly(bytes, at64, at64 + END_64.size, 'the list of files'));
    [length, start] = [Number(record.getBigUint64(40, true)), Number(record.getBigUint64(48, true))];
  }
  return readEntries(viewOf(await readExactly(bytes, start, start + length, 'the list of files')), name);
}

function readEntries(view: DataView, source: string): readonly Entry[] {
  const entries: Entry[] = [];
  for (let place = 0; place + CENTRAL.size <= view.byteLength;) {
    if (view.getUint32(place, true) !== CENTRAL.signature)
      throw damaged(source, 'a zip archive', 'the list of its files is damaged');
    const [nameLength, extraLength] = [view.getUint16(place + 28, true), view.getUint16(place + 30, true)];
    const nameStart = place + CENTRAL.size;
    const next = nameStart + nameLength + extraLength + view.getUint16(place + 32, true);
    const extra = longNumbers(view, nameStart + nameLength, extraLength);
    // In this order, and only those that stand for themselves.
    const number = (at: number): number => {
      const short = view.getUint32(at, true);
      return short === SEE_64 ? (extra.shift() ?? short) : short;
    };
    const size = number(place + 24);
    const packedSize = number(place + 20);
    const offset = number(place + 42);
    const method = view.getUint16(place + 10, true);
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + nameStart, nameLength));
    if (method !== 0 && method !== 8)
      throw new DataError({ source }, `${name} is packed by method ${String(method)}`, 'write it with numpy.savez');
    entries.push({ name, isPacked: method === 8, packedSize, size, offset });
    place = next;
  }
  return entries;
}

/** The numbers of the field for archives beyond 4 GB (section 4.5.3). */
function longNumbers(view: DataView, start: number, length: number): number[] {
  for (let place = start; place + 4 <= start + length; place += 4 + view.getUint16(place + 2, true)) {
    if (view.getUint16(place, true) !== 1) continue;
    const count = Math.floor(view.getUint16(place + 2, true) / 8);
    return Array.from({ length: count }, (_, index) => Number(view.getBigUint64(place + 4 + 8 * index, true)));
  }
  return [];
}

/** Where the bytes of an entry begin: its own header may be longer than the list says. */
async function contentOf(bytes: ByteSource, { offset, name }: Entry): Promise<number> {
  const header = viewOf(await readExactly(bytes, offset, offset + LOCAL.size, name));
  if (header.getUint32(0, true) !== LOCAL.signature)
    throw damaged(bytes.name, 'a zip archive', `${name} is not where it should be`);
  return offset + LOCAL.size + header.getUint16(26, true) + header.getUint16(28, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
