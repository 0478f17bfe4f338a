/**
 * Philox as WebAssembly, four blocks at a time in the lanes of its vectors: the same numbers as in JavaScript, several times as
 * fast. Written byte by byte (WebAssembly Core Specification 2.0, chapter 5).
 */
import { M0, M1, ROUNDS, W0, W1, type PhiloxCounter, type PhiloxKey } from './philox.js';

/** Uniforms lie on the grid `(k + ½)·2⁻²³`. */
const GRID = 2 ** -23;

/** Blocks that are made at once, of four numbers each. */
const LANES = 4;

/** Numbers that fit into the kernel's memory, a page, with room for what the last blocks have too much. */
const CAPACITY = 2 ** 14 - 4 * LANES;

/** Writes rows of uniforms, or says that it cannot. */
export type FillRows = (target: Float32Array, width: number, counter: PhiloxCounter, key: PhiloxKey) => boolean;

type Run = (address: number, end: number, ...words: readonly number[]) => void;

let found: FillRows | undefined;

/** Fills consecutive rows, the second word of the counter being the row. Where there is no WebAssembly with vectors, it always says no. */
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
      // A row's last blocks may reach into the next rows, which are written after it.
      for (let row = 0; row < count; row += 1) {
        const address = 4 * row * width;
        run(address, address + 4 * width, block, first + start + row, step, draw, ...key);
      }
      target.set(memory.subarray(0, count * width), start * width);
    }
    return true;
  };
}

const [I32, V128] = [0x7f, 0x7b] as const;

/** The function's parameters: from where to where, the counter and the key. */
const [ADDRESS, END, X0, C1, C2, C3, K0, K1] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const PARAMETERS = 8;

/** Its locals, vectors all: the counters of the blocks, and their words, as they are after a round. */
const COUNTERS = [8, 9, 10, 11] as const;
const WORDS = [12, 13, 14, 15] as const;
/** The products of a round: of the first two lanes, and of the last two. */
const P0 = [16, 17] as const;
const P1 = [18, 19] as const;
/** The two words of the key in each round. */
const KEYS = [0, 1].map((word) => Array.from({ length: ROUNDS }, (_, round) => 20 + word * ROUNDS + round));
const VECTORS = 12 + 2 * ROUNDS;

type Code = readonly number[];

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const tee = (local: number): Code => [0x22, local];
const i32 = (value: number): Code => [0x41, ...signed(value | 0)];
const [ADD, LESS, LOOP, BRANCH_IF, CLOSE] = [0x6a, 0x49, 0x03, 0x0d, 0x0b] as const;
const vector = (code: number): Code => [0xfd, ...unsigned(code)];
const [STORE, CONSTANT, SHUFFLE, SPLAT, XOR] = [0x0b, 0x0c, 0x0d, 0x11, 0x51].map(vector) as [
  Code,
  Code,
  Code,
  Code,
  Code,
];
const [SHIFT_RIGHT, ADD_WORDS, MULTIPLY_LOW, MULTIPLY_HIGH] = [0xad, 0xae, 0xde, 0xdf].map(vector) as [
  Code,
  Code,
  Code,
  Code,
];
const [ADD_FLOATS, MULTIPLY_FLOATS, CONVERT] = [0xe4, 0xe6, 0xfa].map(vector) as [Code, Code, Code];

const words = (...values: readonly number[]): Code => [...CONSTANT, ...new Uint8Array(Int32Array.from(values).buffer)];
const floats = (value: number): Code => [...CONSTANT, ...new Uint8Array(new Float32Array(LANES).fill(value).buffer)];

/** Words of two vectors, counted through both. */
const shuffle = (a: number, b: number, ...lanes: readonly number[]): Code => [
  ...[...get(a), ...get(b), ...SHUFFLE],
  ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
];

/** Both words of the key grow by a constant each round. */
function writeKeys(): Code {
  return [K0, K1].flatMap((key, word) =>
    (KEYS[word] ?? []).flatMap((local, round) => [
      ...[...get(key), ...i32(Math.imul(round, word === 0 ? W0 : W1)), ADD, ...SPLAT, ...set(local)],
    ]),
  );
}

function writeRound(round: number): Code {
  const [x0, x1, x2, x3] = WORDS;
  const product = (word: number, factor: number, [low, high]: readonly [number, number]): Code => [
    ...[...get(word), ...words(factor, factor, factor, factor), ...MULTIPLY_LOW, ...set(low)],
    ...[...get(word), ...words(factor, factor, factor, factor), ...MULTIPLY_HIGH, ...set(high)],
  ];
  const lower = ([low, high]: readonly [number, number]): Code => shuffle(low, high, 0, 2, 4, 6);
  const upper = ([low, high]: readonly [number, number]): Code => shuffle(low, high, 1, 3, 5, 7);
  const [key0 = 0, key1 = 0] = KEYS.map((own) => own[round]);
  return [
    ...[...product(x0, M0, P0), ...product(x2, M1, P1)],
    ...[...upper(P1), ...get(x1), ...XOR, ...get(key0), ...XOR, ...set(x0)],
    ...[...upper(P0), ...get(x3), ...XOR, ...get(key1), ...XOR, ...set(x2)],
    ...[...lower(P1), ...set(x1), ...lower(P0), ...set(x3)],
  ];
}

/** From a vector for each word of the blocks to one for each block, as uniforms in memory. */
function writeStores(): Code {
  const [x0, x1, x2, x3] = WORDS;
  const pairs = [
    ...[...shuffle(x0, x1, 0, 4, 1, 5), ...set(P0[0]), ...shuffle(x2, x3, 0, 4, 1, 5), ...set(P0[1])],
    ...[...shuffle(x0, x1, 2, 6, 3, 7), ...set(P1[0]), ...shuffle(x2, x3, 2, 6, 3, 7), ...set(P1[1])],
  ];
  // Exact in float32, as k + ½ has 24 bits.
  const uniforms = [
    ...[...i32(9), ...SHIFT_RIGHT, ...CONVERT],
    ...[...floats(GRID), ...MULTIPLY_FLOATS, ...floats(GRID / 2), ...ADD_FLOATS],
  ];
  const blocks = [P0, P1].flatMap(([a, b]) => [shuffle(a, b, 0, 1, 4, 5), shuffle(a, b, 2, 3, 6, 7)]);
  return [
    ...pairs,
    ...blocks.flatMap((block, place) => [...get(ADDRESS), ...block, ...uniforms, ...STORE, 2, 4 * LANES * place]),
  ];
}

function writeModule(): Uint8Array {
  const setUp = [
    ...writeKeys(),
    ...[...get(X0), ...SPLAT, ...words(0, 1, 2, 3), ...ADD_WORDS, ...set(COUNTERS[0])],
    ...[C1, C2, C3].flatMap((word, place) => [...get(word), ...SPLAT, ...set(COUNTERS[place + 1] ?? 0)]),
  ];
  const body = [
    ...WORDS.flatMap((word, place) => [...get(COUNTERS[place] ?? 0), ...set(word)]),
    ...Array.from({ length: ROUNDS }, (_, round) => writeRound(round)).flat(),
    ...writeStores(),
    ...[...get(COUNTERS[0]), ...words(LANES, LANES, LANES, LANES), ...ADD_WORDS, ...set(COUNTERS[0])],
    ...[...get(ADDRESS), ...i32(16 * LANES), ADD, ...tee(ADDRESS), ...get(END), LESS],
  ];
  const code = [1, VECTORS, V128, ...setUp, LOOP, 0x40, ...body, BRANCH_IF, 0, CLOSE, CLOSE];
  const parameters = new Array<number>(PARAMETERS).fill(I32);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, parameters.length, ...parameters, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('run'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): Code {
  return [text.length, ...new TextEncoder().encode(text)];
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** LEB128 with a sign. */
function signed(value: number): Code {
  if (value >= -64 && value < 64) return [value & 127];
  const low = ((value % 128) + 128) % 128;
  return [low + 128, ...signed((value - low) / 128)];
}
