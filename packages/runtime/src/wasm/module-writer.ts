/** A WebAssembly module of one function over vectors of four float32, written byte by byte (WebAssembly Core Specification 2.0, chapter 5). */
import { i32, name, section, unsigned } from './encode.js';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const I32 = 0x7f;
const V128 = 0x7b;
const FUNCTION_TYPE = 0x60;
const EMPTY_BLOCK = 0x40;

const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const FUNCTION = 0;
const MEMORY = 2;

const LOOP = 0x03;
const END = 0x0b;
const BRANCH_IF = 0x0d;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I32_LESS = 0x49;
const I32_ADD = 0x6a;
const VECTOR = 0xfd;

/** Of the vector instructions, the numbers after their prefix. */
const VECTOR_CODES = {
  load: 0x00,
  loadSplat: 0x09,
  store: 0x0b,
  constant: 0x0c,
  abs: 0xe0,
  neg: 0xe1,
  sqrt: 0xe3,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  min: 0xe8,
  max: 0xe9,
} as const;

export type VectorOperation = Exclude<keyof typeof VECTOR_CODES, 'load' | 'loadSplat' | 'store' | 'constant'>;

/** Bytes of a vector. */
export const VECTOR_BYTES = 16;

/** A local variable of the function: a vector. */
export type Local = number;

/** Writes the function: what is set up once, and then what is done for each vector of the arrays. */
export class LoopWriter {
  /** The local that says where the loop is, in bytes: the first behind the parameters, which are the loop's end and where each array begins. */
  readonly #position: number;
  readonly #before: number[] = [];
  readonly #body: number[] = [];
  readonly #after: number[] = [];
  #vectors = 0;

  /** A function of so many arrays. */
  constructor(arrays: number) {
    this.#position = 1 + arrays;
  }

  #local(): Local {
    this.#vectors += 1;
    return this.#position + this.#vectors;
  }

  /** Where the next vector of an array is. */
  #address(array: number): readonly number[] {
    return [LOCAL_GET, ...unsigned(1 + array), LOCAL_GET, ...unsigned(this.#position), I32_ADD];
  }

  /** A number in memory, four times, read once. */
  splat(address: number): Local {
    const local = this.#local();
    this.#before.push(
      ...i32(0),
      VECTOR,
      ...unsigned(VECTOR_CODES.loadSplat),
      2,
      ...unsigned(address),
      LOCAL_SET,
      ...unsigned(local),
    );
    return local;
  }

  /** A number, four times. */
  constant(value: number): Local {
    const local = this.#local();
    const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer);
    this.#before.push(VECTOR, ...unsigned(VECTOR_CODES.constant), ...bytes, LOCAL_SET, ...unsigned(local));
    return local;
  }

  /** The next four numbers of an array. */
  load(array: number): Local {
    const local = this.#local();
    const code = [VECTOR, ...unsigned(VECTOR_CODES.load), 4, 0];
    this.#body.push(...this.#address(array), ...code, LOCAL_SET, ...unsigned(local));
    return local;
  }

  store(array: number, value: Local): void {
    const code = [VECTOR, ...unsigned(VECTOR_CODES.store), 4, 0];
    this.#body.push(...this.#address(array), LOCAL_GET, ...unsigned(value), ...code);
  }

  compute(operation: VectorOperation, operands: readonly Local[]): Local {
    const local = this.#local();
    const gets = operands.flatMap((operand) => [LOCAL_GET, ...unsigned(operand)]);
    this.#body.push(...gets, VECTOR, ...unsigned(VECTOR_CODES[operation]), LOCAL_SET, ...unsigned(local));
    return local;
  }

  /** Adds each vector to four sums, which lie at the address in the end. */
  accumulate(address: number, value: Local): void {
    const sums = this.#local();
    this.#body.push(LOCAL_GET, ...unsigned(sums), LOCAL_GET, ...unsigned(value));
    this.#body.push(VECTOR, ...unsigned(VECTOR_CODES.add), LOCAL_SET, ...unsigned(sums));
    this.#after.push(...i32(0), LOCAL_GET, ...unsigned(sums));
    this.#after.push(VECTOR, ...unsigned(VECTOR_CODES.store), 4, ...unsigned(address));
  }

  /**
   * The module: it takes the memory `sbn.memory`, and gives `run(end, …)`, which goes through the first `end` bytes of the arrays that
   * begin at the addresses after it; at least one vector.
   */
  finish(): Uint8Array {
    const arrays = this.#position - 1;
    const position = unsigned(this.#position);
    const step = [LOCAL_GET, ...position, ...i32(VECTOR_BYTES), I32_ADD, LOCAL_TEE, ...position];
    const loop = [LOOP, EMPTY_BLOCK, ...this.#body, ...step, LOCAL_GET, 0, I32_LESS, BRANCH_IF, 0, END];
    const locals = [2, 1, I32, ...unsigned(this.#vectors), V128];
    const code = [...locals, ...this.#before, ...loop, ...this.#after, END];
    const parameters = new Array<number>(1 + arrays).fill(I32);
    return Uint8Array.from([
      ...HEADER,
      ...section(SECTION.type, [1, FUNCTION_TYPE, ...unsigned(parameters.length), ...parameters, 0]),
      ...section(SECTION.import, [1, ...name('sbn'), ...name('memory'), MEMORY, 0, 1]),
      ...section(SECTION.function, [1, 0]),
      ...section(SECTION.export, [1, ...name('run'), FUNCTION, 0]),
      ...section(SECTION.code, [1, ...unsigned(code.length), ...code]),
    ]);
  }
}
