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
  /** What `run` writes: the values of the kernel's results, each once. */
  readonly values: readonly ValueId[];
  readonly #memory: KernelMemory;
  readonly #run: Run;
  /** How many elements there are. */
  readonly #length: number;
  /** The wide operands and then the wide results, in the order of the function: which of the arrays given they are, and where a piece of them goes. */
  readonly #arrays: readonly { readonly place: number; readonly isResult: boolean; readonly piece: number }[];
  /** Numbers among the operands, and sums among the results: which of the arrays given they are, and where in memory, in elements. */
  readonly #numbers: readonly Place[];
  readonly #sums: readonly Place[];
  /** Where the arrays of a run are, and what the function is called with: new ones for each parameter in each step would be many. */
  readonly #addresses: (number | undefined)[] = [];
  readonly #arguments: number[];

  /** `memory` has at least `scratchOf(kernel)` bytes of scratch. */
  constructor(kernel: ElementwiseKernel, program: Program, memory: KernelMemory) {
    const arrays = listArrays(kernel);
    const layout = layOut(kernel, arrays);
    const operands = kernel.operands.map(({ value }) => value);
    this.kernel = kernel;
    this.values = [...new Set(kernel.results.map(({ value }) => value))];
    this.#memory = memory;
    this.#length = kernel.shape.reduce((product, own) => product * own, 1);
    this.#arrays = [
      ...arrays.operands.map((value) => ({ place: operands.indexOf(value), isResult: false, value })),
      ...arrays.results.map((value) => ({ place: this.values.indexOf(value), isResult: true, value })),
    ].map(({ value, ...own }) => ({ ...own, piece: placeOf(layout.pieces, value) }));
    const placesIn = (values: readonly ValueId[], addresses: ReadonlyMap<ValueId, number>): readonly Place[] =>
      [...addresses].map(([value, address]) => ({ place: values.indexOf(value), element: address / 4 }));
    this.#numbers = placesIn(operands, layout.numbers);
    this.#sums = placesIn(this.values, layout.sums);
    this.#arguments = new Array<number>(1 + this.#arrays.length).fill(0);
    const module = new WebAssembly.Module(writeKernel(kernel, arrays, layout, program) as BufferSource);
    const instance = new WebAssembly.Instance(module, { sbn: { memory: memory.memory } });
    // What the writer of the module says that it exports.
    this.#run = instance.exports['run'] as Run;
  }

  /**
   * `operands` are the kernel's, and `results` are those of `values`; a number and a sum are arrays of one. A result may be the array of an
   * operand, which is read before it is written; else none may share memory with an operand.
   */
  run(operands: readonly Float32Array[], results: readonly Float32Array[]): void {
    const { numbers: memory } = this.#memory;
    for (const { place, element } of this.#numbers) memory[element] = at(at(operands, place), 0);
    let isInside = true;
    for (const [index, { place, isResult }] of this.#arrays.entries()) {
      const address = this.#memory.addressOf(at(isResult ? results : operands, place));
      this.#addresses[index] = address;
      isInside &&= address !== undefined;
    }
    const size = isInside ? this.#length : PIECE;
    const totals = new Float64Array(this.#sums.length);
    // What fills no vector is a piece of its own, so that sums know which lanes are of use.
    const whole = this.#length - (this.#length % LANES);
    for (let start = 0; start < this.#length;) {
      const end = start < whole ? Math.min(start + size, whole) : this.#length;
      if (!isInside) this.#takePiece(operands, start, end);
      this.#arguments[0] = (end - start) * 4;
      for (const [index, { piece }] of this.#arrays.entries()) {
        const address = this.#addresses[index];
        this.#arguments[1 + index] = address === undefined ? piece : address + start * 4;
      }
      this.#run.apply(undefined, this.#arguments as Parameters<Run>);
      if (!isInside) this.#givePiece(results, start, end);
      for (const [sum, { element }] of this.#sums.entries())
        for (let lane = 0; lane < Math.min(LANES, end - start); lane += 1)
          totals[sum] = (totals[sum] ?? 0) + at(memory, element + lane);
      start = end;
    }
    for (const [sum, { place }] of this.#sums.entries()) at(results, place)[0] = totals[sum] ?? 0;
  }

  #takePiece(operands: readonly Float32Array[], start: number, end: number): void {
    for (const [index, { place, isResult, piece }] of this.#arrays.entries()) {
      if (isResult || this.#addresses[index] !== undefined) continue;
      this.#memory.numbers.set(at(operands, place).subarray(start, end), piece / 4);
    }
  }

  #givePiece(results: readonly Float32Array[], start: number, end: number): void {
    for (const [index, { place, isResult, piece }] of this.#arrays.entries()) {
      if (!isResult || this.#addresses[index] !== undefined) continue;
      at(results, place).set(this.#memory.numbers.subarray(piece / 4, piece / 4 + end - start), start);
    }
  }
}

/** One of the arrays given, and an element of the memory. */
interface Place {
  readonly place: number;
  readonly element: number;
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
