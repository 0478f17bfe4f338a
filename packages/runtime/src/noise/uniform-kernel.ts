/**
 * Philox as WebAssembly, four blocks in the lanes of its vectors: the same numbers as in JavaScript, several times as
 * fast. Written byte by byte (WebAssembly Core Specification 2.0, chapter 5).
 */
import { i32, name, section, unsigned, type Code } from '../wasm/encode.js';
import { M0, M1, ROUNDS, W0, W1, type PhiloxCounter, type PhiloxKey } from './philox.js';

/** Uniforms lie on the grid `(k + ½)·2⁻²³`. */
const GRID = 2 ** -23;

/** Blocks in the lanes of a vector, of four numbers each. */
const LANES = 4;

/** Groups of so many blocks are made at once, so that one has something to compute while the other waits. */
const GROUPS = 2;

/** Of rows of less than so many numbers, groups are made one by one: a second one would be thrown away for the most part. */
const LONG_ROW = 64;

/** Numbers that fit into the kernel's memory, a page, with room for what the last blocks have too much. */
const CAPACITY = 2 ** 14 - 4 * LANES * GROUPS;

/** Writes rows of uniforms, or says that it cannot. */
export type FillRows = (target: Float32Array, width: number, counter: PhiloxCounter, key: PhiloxKey) => boolean;

/** Fills rows from address 0 on, of so many bytes each. */
type Run = (bytes: number, rows: number, ...words: readonly number[]) => void;

interface Kernel {
  readonly run: Run;
  readonly memory: Float32Array;
}

let found: FillRows | undefined;

/** Fills consecutive rows, the second word of the counter being the row. Where there is no WebAssembly with vectors, it always says no. */
export function fillRows(...[target, width, counter, key]: Parameters<FillRows>): boolean {
  found ??= createFill();
  return found(target, width, counter, key);
}

function createFill(): FillRows {
  let one: Kernel;
  let several: Kernel;
  try {
    one = createKernel(1);
    several = createKernel(GROUPS);
  } catch {
    // An app may forbid it, by its policy of what a page may run.
    return () => false;
  }
  return (target, width, [block, first, step, draw], [key0, key1]) => {
    if (width === 0 || width > CAPACITY) return false;
    const { run, memory } = width < LONG_ROW ? one : several;
    const rows = Math.floor(target.length / width);
    const most = Math.floor(CAPACITY / width);
    for (let start = 0; start < rows; start += most) {
      const count = Math.min(most, rows - start);
      run(4 * width, count, block, first + start, step, draw, key0, key1);
      target.set(memory.subarray(0, count * width), start * width);
    }
    return true;
  };
}

function createKernel(groups: number): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(writeModule(groups) as BufferSource));
  // What the bytes below say that the module exports.
  const memory = new Float32Array((exports['memory'] as WebAssembly.Memory).buffer);
  return { run: exports['run'] as Run, memory };
}

const [I32, V128] = [0x7f, 0x7b] as const;

/** The function's parameters: bytes of a row, how many rows, the counter and the key. */
const [BYTES, ROWS, X0, C1, C2, C3, K0, K1] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const PARAMETERS = 8;

/** Its locals: where the next blocks go, where the row begins, and where it ends. */
const [ADDRESS, ROW, END] = [8, 9, 10] as const;
const NUMBERS = 3;

/** The others are vectors. The counters of the blocks: */
const COUNTERS = [11, 12, 13, 14] as const;
/** The two words of the key in each round. */
const KEYS = [0, 1].map((word) => Array.from({ length: ROUNDS }, (_, round) => 15 + word * ROUNDS + round));

/** Of a group of blocks: their words, as they are after a round, and the products of a round, of the first two lanes and of the last two. */
interface Group {
  readonly words: readonly [number, number, number, number];
  readonly products: readonly [readonly [number, number], readonly [number, number]];
}

const VECTORS_OF_GROUP = 8;

function localsOf(group: number): Group {
  const own = 15 + 2 * ROUNDS + VECTORS_OF_GROUP * group;
  return {
    words: [own, own + 1, own + 2, own + 3],
    products: [
      [own + 4, own + 5],
      [own + 6, own + 7],
    ],
  };
}

const get = (local: number): Code => [0x20, ...unsigned(local)];
const set = (local: number): Code => [0x21, ...unsigned(local)];
const tee = (local: number): Code => [0x22, ...unsigned(local)];
const [ADD, SUBTRACT, LESS, LOOP, BRANCH_IF, CLOSE] = [0x6a, 0x6b, 0x49, 0x03, 0x0d, 0x0b] as const;
const vector = (code: number): Code => [0xfd, ...unsigned(code)];
const [STORE, CONSTANT, SHUFFLE, SPLAT] = [vector(0x0b), vector(0x0c), vector(0x0d), vector(0x11)] as const;
const [OR, XOR, SHIFT_RIGHT] = [vector(0x50), vector(0x51), vector(0xad)] as const;
const [ADD_WORDS, MULTIPLY_LOW, MULTIPLY_HIGH] = [vector(0xae), vector(0xde), vector(0xdf)] as const;
const SUBTRACT_FLOATS = vector(0xe5);

const words = (...values: readonly number[]): Code => [...CONSTANT, ...new Uint8Array(Int32Array.from(values).buffer)];
const wordsOf = (value: number): Code => words(value, value, value, value);
const floats = (value: number): Code => [...CONSTANT, ...new Uint8Array(new Float32Array(LANES).fill(value).buffer)];

/** Words of two vectors, counted through both. */
const shuffle = ([a, b]: readonly [number, number], ...lanes: readonly number[]): Code => [
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

function writeRound({ words: [x0, x1, x2, x3], products: [p0, p1] }: Group, round: number): Code {
  const product = (word: number, factor: number, [low, high]: readonly [number, number]): Code => [
    ...[...get(word), ...wordsOf(factor), ...MULTIPLY_LOW, ...set(low)],
    ...[...get(word), ...wordsOf(factor), ...MULTIPLY_HIGH, ...set(high)],
  ];
  const lower = (own: readonly [number, number]): Code => shuffle(own, 0, 2, 4, 6);
  const upper = (own: readonly [number, number]): Code => shuffle(own, 1, 3, 5, 7);
  const [key0 = 0, key1 = 0] = KEYS.map((own) => own[round]);
  return [
    ...[...product(x0, M0, p0), ...product(x2, M1, p1)],
    ...[...upper(p1), ...get(x1), ...XOR, ...get(key0), ...XOR, ...set(x0)],
    ...[...upper(p0), ...get(x3), ...XOR, ...get(key1), ...XOR, ...set(x2)],
    ...[...lower(p1), ...set(x1), ...lower(p0), ...set(x3)],
  ];
}

/** The bits of a float32 from 1 to 2 but for its fraction. */
const ONE_TO_TWO = 0x3f800000;

/** From a vector for each word of the blocks to one for each block, as uniforms in memory. */
function writeStores({ words: [x0, x1, x2, x3], products: [p0, p1] }: Group, group: number): Code {
  const pairs = [
    ...[...shuffle([x0, x1], 0, 4, 1, 5), ...set(p0[0]), ...shuffle([x2, x3], 0, 4, 1, 5), ...set(p0[1])],
    ...[...shuffle([x0, x1], 2, 6, 3, 7), ...set(p1[0]), ...shuffle([x2, x3], 2, 6, 3, 7), ...set(p1[1])],
  ];
  // With k as the fraction a number is 1 + k·2⁻²³. What is taken off, 1 − 2⁻²⁴, has 24 bits, and so has the difference: both are exact.
  const uniforms = [
    ...[...i32(9), ...SHIFT_RIGHT, ...wordsOf(ONE_TO_TWO), ...OR],
    ...[...floats(1 - GRID / 2), ...SUBTRACT_FLOATS],
  ];
  const blocks = [p0, p1].flatMap((own) => [shuffle(own, 0, 1, 4, 5), shuffle(own, 2, 3, 6, 7)]);
  return [
    ...pairs,
    ...blocks.flatMap((block, place) => [
      ...[...get(ADDRESS), ...block, ...uniforms, ...STORE, 2],
      ...unsigned(4 * LANES * (LANES * group + place)),
    ]),
  ];
}

/** Rows one after the other: a row's last blocks may reach into the next one, which is written after it. */
function writeModule(count: number): Uint8Array {
  const groups = Array.from({ length: count }, (_, group) => localsOf(group));
  const startRow = [
    ...[...get(X0), ...SPLAT, ...words(0, 1, 2, 3), ...ADD_WORDS, ...set(COUNTERS[0])],
    ...[C1, C2, C3].flatMap((word, place) => [...get(word), ...SPLAT, ...set(COUNTERS[place + 1] ?? 0)]),
    ...[...get(ROW), ...tee(ADDRESS), ...get(BYTES), ADD, ...set(END)],
  ];
  const startBlocks = groups.flatMap(({ words: own }, group) =>
    own.flatMap((word, place) => [
      ...get(COUNTERS[place] ?? 0),
      ...(place === 0 ? [...wordsOf(LANES * group), ...ADD_WORDS] : []),
      ...set(word),
    ]),
  );
  const blocks = [
    ...startBlocks,
    ...Array.from({ length: ROUNDS }, (_, round) => groups.map((group) => writeRound(group, round))).flat(2),
    ...groups.flatMap(writeStores),
    ...[...get(COUNTERS[0]), ...wordsOf(LANES * count), ...ADD_WORDS, ...set(COUNTERS[0])],
    ...[...get(ADDRESS), ...i32(16 * LANES * count), ADD, ...tee(ADDRESS), ...get(END), LESS],
  ];
  const nextRow = [
    ...[...get(END), ...set(ROW), ...get(C1), ...i32(1), ADD, ...set(C1)],
    ...[...get(ROWS), ...i32(1), SUBTRACT, ...tee(ROWS)],
  ];
  const vectors = COUNTERS.length + 2 * ROUNDS + VECTORS_OF_GROUP * count;
  const locals = [2, NUMBERS, I32, ...unsigned(vectors), V128];
  const rows = [...startRow, LOOP, 0x40, ...blocks, BRANCH_IF, 0, CLOSE, ...nextRow];
  const code = [...locals, ...writeKeys(), LOOP, 0x40, ...rows, BRANCH_IF, 0, CLOSE, CLOSE];
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
