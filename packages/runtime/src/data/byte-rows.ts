/**
 * Rows of bytes as rows of float32, by a loop over vectors in WebAssembly: engines take nothing else, and V8 converts one byte at a time.
 * Written byte by byte (WebAssembly Core Specification 2.0, chapter 5).
 */
import { i32, name, section, unsigned, type Code } from '../wasm/encode.js';
import { areBits, compareBytes } from './bytes.js';

/** Bytes of a vector. */
const VECTOR = 16;

/** The memory: a row's bytes from address 0 on, and its float32 from here on. A page has 2¹⁶ bytes. */
const WIDEST = 2 ** 14;
const PAGES = 2;

interface Kernel {
  /** Of so many bytes: the numbers that they are. Gives 1 where one of them is neither 0 nor 1, else 0. */
  readonly spread: (end: number) => number;
  /** 1 for each byte that is more than `above`, an integer from 0 to 255, else 0. */
  readonly compare: (end: number, above: number) => void;
  readonly bytes: Uint8Array;
  readonly numbers: Float32Array;
  /** The first of them, as many as were last asked for. */
  row: Float32Array;
}

let found: { readonly kernel: Kernel | undefined } | undefined;

/** `undefined` where the row is too wide for it, or there is no WebAssembly with vectors. */
function kernelFor(width: number): Kernel | undefined {
  found ??= { kernel: createKernel() };
  return width <= WIDEST ? found.kernel : undefined;
}

/** Writes the bytes from `start` on into `target` from `at` on, as numbers. Gives whether all are 0 or 1. */
export function spreadBytes(
  values: Uint8Array,
  start: number,
  width: number,
  target: Float32Array,
  at: number,
): boolean {
  const row = values.subarray(start, start + width);
  const kernel = kernelFor(width);
  if (kernel === undefined) {
    target.set(row, at);
    return areBits(values, start, start + width);
  }
  const others = kernel.spread(takeRow(kernel, row));
  target.set(rowOf(kernel, width), at);
  return others === 0;
}

/** Writes 1 for each of the bytes from `start` on that is more than `above`, else 0. */
export function compareRow(
  values: Uint8Array,
  start: number,
  width: number,
  above: number,
  target: Float32Array,
  at: number,
): void {
  const kernel = kernelFor(width);
  if (above < 0) target.fill(1, at, at + width);
  else if (kernel === undefined) {
    const bits = new Uint8Array(width);
    compareBytes(values, start, above, bits);
    target.set(bits, at);
  } else {
    kernel.compare(takeRow(kernel, values.subarray(start, start + width)), Math.min(255, Math.floor(above)));
    target.set(rowOf(kernel, width), at);
  }
}

/** What the loop has written of a row: as an array that is kept, as all rows of a batch have one width. */
function rowOf(kernel: Kernel, width: number): Float32Array {
  if (kernel.row.length !== width) kernel.row = kernel.numbers.subarray(0, width);
  return kernel.row;
}

/** Puts the row where the loop reads it, and gives where it ends: at the end of a vector, with zeros behind the row. */
function takeRow({ bytes }: Kernel, row: Uint8Array): number {
  bytes.set(row);
  const end = Math.ceil(row.length / VECTOR) * VECTOR;
  if (end > row.length) bytes.fill(0, row.length, end);
  return end;
}

function createKernel(): Kernel | undefined {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(writeModule() as BufferSource));
    // What the bytes below say that the module exports.
    const { buffer } = exports['memory'] as WebAssembly.Memory;
    const numbers = new Float32Array(buffer, WIDEST, WIDEST);
    return {
      spread: exports['spread'] as Kernel['spread'],
      compare: exports['compare'] as Kernel['compare'],
      bytes: new Uint8Array(buffer, 0, WIDEST),
      numbers,
      row: numbers,
    };
  } catch {
    // An app may forbid it, by its policy of what a page may run.
    return undefined;
  }
}

const [I32, V128] = [0x7f, 0x7b] as const;

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const [ADD, LESS, SHIFT_LEFT, LOOP, BRANCH_IF, CLOSE] = [0x6a, 0x49, 0x74, 0x03, 0x0d, 0x0b] as const;
const vector = (code: number): Code => [0xfd, ...unsigned(code)];
const [LOAD, STORE, CONSTANT, SPLAT] = [vector(0x00), vector(0x0b), vector(0x0c), vector(0x0f)] as const;
const [ABOVE, AND, OR, ANY] = [vector(0x28), vector(0x4e), vector(0x50), vector(0x53)] as const;
/** The lower and the upper half of a vector's lanes, each twice as wide: with their sign, and without. */
const SIGNED = { bytes: [vector(0x87), vector(0x88)], words: [vector(0xa7), vector(0xa8)] } as const;
const UNSIGNED = { bytes: [vector(0x89), vector(0x8a)], words: [vector(0xa9), vector(0xaa)] } as const;
const CONVERT = vector(0xfa);

const bytesOf = (value: number): Code => [...CONSTANT, ...new Array<number>(VECTOR).fill(value)];
const ONES = [...CONSTANT, ...new Uint8Array(Float32Array.of(1, 1, 1, 1).buffer)];

/** The functions' locals: the end of the row and the limit are parameters. */
const [END, LIMIT] = [0, 1] as const;
const [POSITION, ROW, LIMITS, OTHERS] = [2, 3, 4, 5] as const;

/** Four vectors of numbers from the bytes of the local `ROW`, each made by `finish` of lanes of 32 bits. */
function writeNumbers({ bytes, words }: typeof SIGNED | typeof UNSIGNED, finish: Code): Code {
  return bytes.flatMap((half, first) =>
    words.flatMap((quarter, second) => [
      ...[...get(POSITION), ...i32(2), SHIFT_LEFT],
      ...[...get(ROW), ...half, ...quarter, ...finish, ...STORE, 4],
      ...unsigned(WIDEST + VECTOR * (2 * first + second)),
    ]),
  );
}

function writeFunction(before: Code, body: Code, after: Code): Code {
  const next = [...get(POSITION), ...i32(VECTOR), ADD, ...set(POSITION), ...get(POSITION), ...get(END), LESS];
  const load = [...get(POSITION), ...LOAD, 4, 0, ...set(ROW)];
  const code = [...[2, 1, I32, 3, V128], ...before, LOOP, 0x40, ...load, ...body, ...next, BRANCH_IF, 0, CLOSE];
  const whole = [...code, ...after, CLOSE];
  return [...unsigned(whole.length), ...whole];
}

function writeModule(): Uint8Array {
  // Both have two parameters, so that their locals have the same numbers.
  const types = [2, ...[0x60, 2, I32, I32, 1, I32], ...[0x60, 2, I32, I32, 0]];
  const spread = writeFunction(
    [],
    [...writeNumbers(UNSIGNED, CONVERT), ...get(OTHERS), ...get(ROW), ...OR, ...set(OTHERS)],
    [...get(OTHERS), ...bytesOf(0xfe), ...AND, ...ANY],
  );
  // A byte that is more becomes −1, in lanes of 32 bits too: all bits set.
  const compare = writeFunction(
    [...get(LIMIT), ...SPLAT, ...set(LIMITS)],
    [...get(ROW), ...get(LIMITS), ...ABOVE, ...set(ROW), ...writeNumbers(SIGNED, [...ONES, ...AND])],
    [],
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(3, [2, 0, 1]),
    ...section(5, [1, 0, PAGES]),
    ...section(7, [3, ...name('memory'), 2, 0, ...name('spread'), 0, 0, ...name('compare'), 0, 1]),
    ...section(10, [2, ...spread, ...compare]),
  ]);
}
