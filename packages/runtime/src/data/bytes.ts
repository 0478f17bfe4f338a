/** Loops over bytes, four of them at a time as one word. */

/** Of the bytes from `start` to `end`, words; undefined where they are not whole words. */
function wordsOf(bytes: Uint8Array, start: number, end: number): Int32Array | undefined {
  const isWhole = (bytes.byteOffset + start) % 4 === 0 && (end - start) % 4 === 0;
  return isWhole ? new Int32Array(bytes.buffer, bytes.byteOffset + start, (end - start) / 4) : undefined;
}

/** Whether all bytes from `start` to `end` are 0 or 1. */
export function areBits(bytes: Uint8Array, start: number, end: number): boolean {
  const words = wordsOf(bytes, start, end);
  let all = 0;
  if (words === undefined) for (let place = start; place < end; place += 1) all |= bytes[place] ?? 0;
  else for (let place = words.length - 1; place >= 0; place -= 1) all |= words[place] ?? 0;
  return (all & ~0x01010101) === 0;
}

/** Writes 1 for each byte from `start` on that is more than `above`, else 0; as many as `bits` has room for. */
export function compareBytes(bytes: Uint8Array, start: number, above: number, bits: Uint8Array): void {
  const { length } = bits;
  const [from, to] = [wordsOf(bytes, start, start + length), wordsOf(bits, 0, length)];
  if (from === undefined || to === undefined) {
    for (let place = 0; place < length; place += 1) bits[place] = (bytes[start + place] ?? 0) > above ? 1 : 0;
    return;
  }
  // A byte is more than a whole number if adding what is left to 256 carries into the ninth bit: two bytes of a word at a time have room for that.
  const added = 255 - Math.floor(Math.min(255, Math.max(-1, above)));
  const both = added * 0x10001;
  for (let place = 0; place < to.length; place += 1) {
    const word = from[place] ?? 0;
    const even = (word & 0xff00ff) + both;
    const odd = ((word >>> 8) & 0xff00ff) + both;
    to[place] = ((even >>> 8) & 0x10001) | (odd & 0x1000100);
  }
}
