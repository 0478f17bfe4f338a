/**
 * An elementwise kernel at work. ONNX Runtime goes through memory once for each operation; here each element is read once, all is
 * computed, and it is written once, in vectors of four float32. Arrays that do not lie in the kernel's memory pass through it piece
 * by piece.
 */
import { at, InternalError, type Instruction, type Program, type ValueId } from '@sbn/program';
import type { KernelMemory } from './kernel-memory.js';
import { LoopWriter, VECTOR_BYTES, type Local } from './module-writer.js';
import { VECTOR_OPERATIONS, type ElementwiseKernel } from './peel-elementwise.js';

/** Elements of a piece: small enough to stay in the processor's cache. */
const PIECE = 4096;
const LANES = 4;

/** The wide operands and then the wide results, each once: the arrays of the function, in its order. */
interface Arrays {
  readonly operands: readonly ValueId[];
  readonly results: readonly ValueId[];
}

/** Where in the kernels' own memory what lies: a piece of each array, then the numbers, then four sums for each sum. */
interface Layout {
  readonly pieces: ReadonlyMap<ValueId, number>;
  readonly numbers: ReadonlyMap<ValueId, number>;
  readonly sums: ReadonlyMap<ValueId, number>;
  readonly bytes: number;
}

/** Bytes that a kernel needs for itself. */
export function scratchOf(kernel: ElementwiseKernel): number {
  return layOut(kernel, listArrays(kernel)).bytes;
}

type Run = (end: number, ...addresses: readonly number[]) => void;

export class CompiledKernel {
  readonly kernel: ElementwiseKernel;
  readonly #arrays: Arrays;
  readonly #layout: Layout;
  readonly #memory: KernelMemory;
  readonly #run: Run;
  /** How many elements there are. */
  readonly #length: number;

  /** `memory` has at least `scratchOf(kernel)` bytes of scratch. */
  constructor(kernel: ElementwiseKernel, program: Program, memory: KernelMemory) {
    this.kernel = kernel;
    this.#arrays = listArrays(kernel);
    this.#layout = layOut(kernel, this.#arrays);
    this.#memory = memory;
    this.#length = kernel.shape.reduce((product, own) => product * own, 1);
    const module = new WebAssembly.Module(writeKernel(kernel, this.#arrays, this.#layout, program) as BufferSource);
    const instance = new WebAssembly.Instance(module, { sbn: { memory: memory.memory } });
    // What the writer of the module says that it exports.
    this.#run = instance.exports['run'] as Run;
  }

  /** Operands and results by value, a number being an array of one. Results are written; none may share memory with an operand. */
  run(arrays: ReadonlyMap<ValueId, Float32Array>): void {
    const { pieces, numbers, sums } = this.#layout;
    const memory = this.#memory.numbers;
    for (const [value, address] of numbers) memory[address / 4] = at(arrayOf(arrays, value), 0);
    const place = (value: ValueId): Place => this.#place(arrayOf(arrays, value), placeOf(pieces, value));
    const operands = this.#arrays.operands.map(place);
    const results = this.#arrays.results.map(place);
    const all = [...operands, ...results];
    const size = all.every(({ isInside }) => isInside) ? this.#length : PIECE;
    const totals = new Float64Array(sums.size);
    // What fills no vector is a piece of its own, so that sums know which lanes are of use.
    const whole = this.#length - (this.#length % LANES);
    for (let start = 0; start < this.#length;) {
      const end = start < whole ? Math.min(start + size, whole) : this.#length;
      for (const { isInside, array, address } of operands)
        if (!isInside) memory.set(array.subarray(start, end), address / 4);
      this.#run((end - start) * 4, ...all.map(({ isInside, address }) => (isInside ? address + start * 4 : address)));
      for (const { isInside, array, address } of results)
        if (!isInside) array.set(memory.subarray(address / 4, address / 4 + end - start), start);
      addLanes(totals, sums, memory, Math.min(LANES, end - start));
      start = end;
    }
    let sum = 0;
    for (const value of sums.keys()) {
      arrayOf(arrays, value)[0] = totals[sum] ?? 0;
      sum += 1;
    }
  }

  #place(array: Float32Array, piece: number): Place {
    const isInside = this.#memory.has(array);
    return { array, isInside, address: isInside ? array.byteOffset : piece };
  }
}

function arrayOf(arrays: ReadonlyMap<ValueId, Float32Array>, value: ValueId): Float32Array {
  const array = arrays.get(value);
  if (array === undefined) throw new InternalError(`no array for %${String(value)}`);
  return array;
}

/** Adds what a piece has come to: each sum as so many lanes of a vector. */
function addLanes(totals: Float64Array, sums: ReadonlyMap<ValueId, number>, memory: Float32Array, lanes: number): void {
  let sum = 0;
  for (const address of sums.values()) {
    for (let lane = 0; lane < lanes; lane += 1) totals[sum] = (totals[sum] ?? 0) + at(memory, address / 4 + lane);
    sum += 1;
  }
}

/** Where an array is for the function: itself, or the piece that it passes through. */
interface Place {
  readonly array: Float32Array;
  readonly isInside: boolean;
  readonly address: number;
}

function placeOf(pieces: ReadonlyMap<ValueId, number>, value: ValueId): number {
  const address = pieces.get(value);
  if (address === undefined) throw new InternalError(`no place for %${String(value)}`);
  return address;
}

function listArrays({ operands, results }: ElementwiseKernel): Arrays {
  return {
    operands: operands.filter(({ isWide }) => isWide).map(({ value }) => value),
    results: [...new Set(results.filter(({ isSum }) => !isSum).map(({ value }) => value))],
  };
}

function layOut({ operands, results }: ElementwiseKernel, arrays: Arrays): Layout {
  let bytes = 0;
  const place = (values: readonly ValueId[], size: number): ReadonlyMap<ValueId, number> =>
    new Map(
      values.map((value) => {
        bytes += size;
        return [value, bytes - size] as const;
      }),
    );
  const pieces = place([...arrays.operands, ...arrays.results], PIECE * 4);
  const numbers = place(
    operands.filter(({ isWide }) => !isWide).map(({ value }) => value),
    VECTOR_BYTES,
  );
  const sums = place([...new Set(results.filter(({ isSum }) => isSum).map(({ value }) => value))], VECTOR_BYTES);
  return { pieces, numbers, sums, bytes };
}

function writeKernel(kernel: ElementwiseKernel, arrays: Arrays, layout: Layout, program: Program): Uint8Array {
  const writer = new LoopWriter(arrays.operands.length + arrays.results.length);
  const locals = new Map<ValueId, Local>();
  for (const [value, address] of layout.numbers) locals.set(value, writer.splat(address));
  arrays.operands.forEach((value, place) => locals.set(value, writer.load(place)));
  const take = (value: ValueId): Local => {
    const found = locals.get(value) ?? writer.constant(constantAt(program, value));
    locals.set(value, found);
    return found;
  };
  for (const instruction of kernel.instructions) {
    const { id, kind } = instruction;
    const args = instruction.args.map(take);
    if (kind === 'sum') {
      const address = layout.sums.get(id);
      if (address !== undefined) writer.accumulate(address, at(args, 0));
    } else locals.set(id, writer.compute(operationOf(instruction), kind === 'square' ? [...args, ...args] : args));
  }
  arrays.results.forEach((value, place) => {
    writer.store(arrays.operands.length + place, take(value));
  });
  return writer.finish();
}

function operationOf({ kind }: Instruction): Parameters<LoopWriter['compute']>[0] {
  const operation = VECTOR_OPERATIONS.get(kind);
  if (operation === undefined) throw new InternalError(`${kind} is no operation of vectors`);
  return operation;
}

function constantAt({ inputs, instructions }: Program, value: ValueId): number {
  const instruction = instructions[value - inputs.length];
  if (instruction?.kind !== 'constant') throw new InternalError(`%${String(value)} is no constant`);
  return at(instruction.attributes.values, 0);
}
