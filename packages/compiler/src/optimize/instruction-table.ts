/**
 * Values by three whole numbers: an operation and its operands. A `Map` would need one number for the three, which is too large to be a
 * small integer, and asks for hundreds of thousands of them in a long program.
 */
export interface InstructionTable {
  /** −1 where there is none. */
  readonly find: (kind: number, first: number, second: number) => number;
  /** Requires that there is none yet. */
  readonly add: (kind: number, first: number, second: number, value: number) => void;
}

/** Of an entry: the three numbers, the value, and the next entry of the same slot, one higher, as 0 is for none. */
const WIDTH = 5;

/** All numbers may be any of 32 bits. `expected` is how many are to be added, as far as that is known: there can be more. */
export function createInstructionTable(expected = 0): InstructionTable {
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(128, expected)));
  let entries = new Int32Array(capacity * WIDTH);
  // The first entry of each slot, one higher; there are twice as many slots as entries at most.
  let slots = new Int32Array(capacity * 2);
  let size = 0;

  /** Where the entry with these numbers begins; −1 for none. */
  const entryOf = (kind: number, first: number, second: number): number => {
    let next = slots[slotOf(kind, first, second) & (slots.length - 1)] ?? 0;
    while (next !== 0) {
      const entry = (next - 1) * WIDTH;
      if (entries[entry] === kind && entries[entry + 1] === first && entries[entry + 2] === second) return entry;
      next = entries[entry + 4] ?? 0;
    }
    return -1;
  };
  /** Puts an entry in front of the others of its slot. */
  const link = (place: number): void => {
    const entry = place * WIDTH;
    const slot = slotOf(entries[entry] ?? 0, entries[entry + 1] ?? 0, entries[entry + 2] ?? 0) & (slots.length - 1);
    entries[entry + 4] = slots[slot] ?? 0;
    slots[slot] = place + 1;
  };
  const grow = (): void => {
    const old = entries;
    entries = new Int32Array(old.length * 2);
    entries.set(old);
    slots = new Int32Array(slots.length * 2);
    for (let place = 0; place < size; place += 1) link(place);
  };
  return {
    find: (kind, first, second) => {
      const entry = entryOf(kind, first, second);
      return entry < 0 ? -1 : (entries[entry + 3] ?? -1);
    },
    add: (kind, first, second, value) => {
      if (size * WIDTH === entries.length) grow();
      const entry = size * WIDTH;
      entries[entry] = kind;
      entries[entry + 1] = first;
      entries[entry + 2] = second;
      entries[entry + 3] = value;
      link(size);
      size += 1;
    },
  };
}

/**
 * Most instructions take a value that was defined just before, and so fall near those before them, which the processor's cache still has.
 * Those that take the same value, as many do a mean or a factor, lie within 256 slots from there.
 */
function slotOf(kind: number, first: number, second: number): number {
  const [newer, older] = first > second ? [first, second] : [second, first];
  const mixed = Math.imul(older, 0x9e3779b1) ^ Math.imul(kind + 1, 0xc2b2ae3d);
  return 2 * newer + ((mixed ^ (mixed >>> 15)) & 255);
}
