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

/** The three numbers and the value. */
const WIDTH = 4;

/** Values are ≥ 0; the numbers may be any of 32 bits. */
export function createInstructionTable(): InstructionTable {
  let capacity = 256;
  let slots = new Int32Array(capacity * WIDTH);
  let size = 0;

  /** The slot that holds the numbers, or the first free one on the way. A value is kept one higher, as 0 is for free. */
  const slotOf = (kind: number, first: number, second: number): number => {
    const mask = capacity - 1;
    let place = hash(kind, first, second) & mask;
    for (;;) {
      const slot = place * WIDTH;
      if (slots[slot + 3] === 0) return slot;
      if (slots[slot] === kind && slots[slot + 1] === first && slots[slot + 2] === second) return slot;
      place = (place + 1) & mask;
    }
  };
  const write = (kind: number, first: number, second: number, kept: number): void => {
    const slot = slotOf(kind, first, second);
    slots[slot] = kind;
    slots[slot + 1] = first;
    slots[slot + 2] = second;
    slots[slot + 3] = kept;
  };
  const grow = (): void => {
    const old = slots;
    capacity *= 2;
    slots = new Int32Array(capacity * WIDTH);
    for (let slot = 0; slot < old.length; slot += WIDTH) {
      const kept = old[slot + 3] ?? 0;
      if (kept !== 0) write(old[slot] ?? 0, old[slot + 1] ?? 0, old[slot + 2] ?? 0, kept);
    }
  };
  return {
    find: (kind, first, second) => (slots[slotOf(kind, first, second) + 3] ?? 0) - 1,
    add: (kind, first, second, value) => {
      size += 1;
      if (2 * size > capacity) grow();
      write(kind, first, second, value + 1);
    },
  };
}

/** Operands that follow one another, as those of a long loop do, fall into places far apart. */
function hash(kind: number, first: number, second: number): number {
  let mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77) ^ Math.imul(kind + 1, 0xc2b2ae3d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
