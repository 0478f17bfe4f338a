/**
 * Philox as WebAssembly, which has the whole product of two words that JavaScript puts together from halves: the same numbers, four
 * times as fast. Written byte by byte (WebAssembly Core Specification, chapter 5).
 */
import { M0, M1, ROUNDS, W0, W1, type PhiloxCounter, type PhiloxKey } from './philox.js';

/** Uniforms lie on the grid `(k + ½)·2⁻²³`. */
const GRID = 2 ** -23;

/** Numbers that fit into the kernel's memory, a page, with room for what a last block has too much. */
const CAPACITY = 2 ** 14 - 4;

/** Writes rows of uniforms, or says that it cannot. */
export type FillRows = (target: Float32Array, width: number, counter: PhiloxCounter, key: PhiloxKey) => boolean;

type Run = (address: number, end: number, ...words: readonly number[]) => void;

let found: FillRows | undefined;

/** Fills consecutive rows, the second word of the counter being the row. Where there is no WebAssembly, it always says no. */
export function fillRows(...[target, width, counter, key]: Parameters<FillRows>): boolean {
  found ??= createFill();
  return found(target, width, counter, key);
}

function createFill(): FillRows {
  let run: Run;
  let memory: Float32Array;
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(writeModule() as BufferSource));
    // What the bytes below say that the module exports.
    run = exports['run'] as Run;
    memory = new Float32Array((exports['memory'] as WebAssembly.Memory).buffer);
  } catch {
    // An app may forbid it, by its policy of what a page may run.
    return () => false;
  }
  return (target, width, [block, first, step, draw], key) => {
    if (width === 0 || width > CAPACITY) return false;
    const rows = Math.floor(target.length / width);
    const most = Math.floor(CAPACITY / width);
    for (let start = 0; start < rows; start += most) {
      const count = Math.min(most, rows - start);
      // A row's last block may reach into the next row, which is written after it.
      for (let row = 0; row < count; row += 1) {
        const address = 4 * row * width;
        run(address, address + 4 * width, block, first + start + row, step, draw, ...key);
      }
      target.set(memory.subarray(0, count * width), start * width);
    }
    return true;
  };
}

const [I32, I64] = [0x7f, 0x7e] as const;

/** The function's parameters: from where to where, the counter and the key; and its locals. */
const [ADDRESS, END, X0, C1, C2, C3, K0, K1] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/** The words of the block at work, as they are after a round. */
const WORDS = [8, 9, 10, 11] as const;
/** The two products of a round. */
const [P0, P1] = [12, 13] as const;

const get = (local: number): readonly number[] => [0x20, local];
const set = (local: number): readonly number[] => [0x21, local];
const i32 = (value: number): readonly number[] => [0x41, ...signed(value | 0)];
const [ADD, XOR, SHIFT_RIGHT, LESS] = [0x6a, 0x73, 0x76, 0x49] as const;
const [I64_MULTIPLY, I64_SHIFT_RIGHT, WRAP, EXTEND, CONVERT] = [0x7e, 0x88, 0xa7, 0xad, 0xb3] as const;
const [F32_ADD, F32_MULTIPLY, F32_STORE] = [0x92, 0x94, 0x38] as const;

function writeModule(): Uint8Array {
  const [x0, x1, x2, x3] = WORDS;
  const product = (word: number, factor: number): readonly number[] => [
    ...[...get(word), EXTEND, 0x42, ...signed(factor), I64_MULTIPLY],
  ];
  const high = (local: number): readonly number[] => [...get(local), 0x42, 32, I64_SHIFT_RIGHT, WRAP];
  const round = (place: number): readonly number[] => [
    ...[...product(x0, M0), ...set(P0), ...product(x2, M1), ...set(P1)],
    ...[...high(P1), ...get(x1), XOR, ...get(K0), ...i32(Math.imul(place, W0)), ADD, XOR, ...set(x0)],
    ...[...high(P0), ...get(x3), XOR, ...get(K1), ...i32(Math.imul(place, W1)), ADD, XOR, ...set(x2)],
    ...[...get(P1), WRAP, ...set(x1), ...get(P0), WRAP, ...set(x3)],
  ];
  const float = (value: number): readonly number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
  // Exact in float32, as k + ½ has 24 bits.
  const uniform = (word: number): readonly number[] => [
    ...[...get(word), ...i32(9), SHIFT_RIGHT, CONVERT, ...float(GRID), F32_MULTIPLY, ...float(GRID / 2), F32_ADD],
  ];
  const body = [
    ...[...get(X0), ...set(x0), ...get(C1), ...set(x1), ...get(C2), ...set(x2), ...get(C3), ...set(x3)],
    ...Array.from({ length: ROUNDS }, (_, place) => round(place)).flat(),
    ...WORDS.flatMap((word, place) => [...get(ADDRESS), ...uniform(word), F32_STORE, 2, 4 * place]),
    ...[...get(X0), ...i32(1), ADD, ...set(X0)],
    ...[...get(ADDRESS), ...i32(16), ADD, 0x22, ADDRESS, ...get(END), LESS],
  ];
  const code = [2, WORDS.length, I32, 2, I64, 0x03, 0x40, ...body, 0x0d, 0, 0x0b, 0x0b];
  const parameters = new Array<number>(8).fill(I32);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, parameters.length, ...parameters, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('run'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): readonly number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** LEB128 with a sign. */
function signed(value: number): readonly number[] {
  if (value >= -64 && value < 64) return [value & 127];
  const low = ((value % 128) + 128) % 128;
  return [low + 128, ...signed((value - low) / 128)];
}
