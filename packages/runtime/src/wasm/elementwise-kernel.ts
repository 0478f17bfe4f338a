/**
 * An elementwise kernel at work. ONNX Runtime goes through memory once for each operation; here each element is read once, all is
 * computed, and it is written once, in vectors of four float32. Arrays pass through the kernel's memory piece by piece, so that
 * they may lie anywhere and the pieces stay in the processor's cache.
 */
import { at, InternalError, type Instruction, type Program, type ValueId } from '@sbn/program';
import { LoopWriter, VECTOR_BYTES, type Local } from './module-writer.js';
import { VECTOR_OPERATIONS, type ElementwiseKernel } from './peel-elementwise.js';

/** Elements of a piece. */
const PIECE = 4096;
const LANES = 4;

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly run: (end: number) => void;
}

/** Where in memory what lies: the pieces of operands and results, then the numbers, then four sums for each sum. */
interface Layout {
  readonly wide: ReadonlyMap<ValueId, number>;
  readonly numbers: ReadonlyMap<ValueId, number>;
  readonly results: ReadonlyMap<ValueId, number>;
  readonly sums: ReadonlyMap<ValueId, number>;
  readonly bytes: number;
}

export class CompiledKernel {
  readonly kernel: ElementwiseKernel;
  readonly #layout: Layout;
  readonly #memory: Float32Array;
  readonly #run: (end: number) => void;

  constructor(kernel: ElementwiseKernel, program: Program) {
    this.kernel = kernel;
    this.#layout = layOut(kernel);
    const module = new WebAssembly.Module(writeKernel(kernel, this.#layout, program) as BufferSource);
    // The module exports these two, by its writer.
    const { memory, run } = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#memory = new Float32Array(memory.buffer);
    this.#run = run;
  }

  /** Operands and results by value, a number being an array of one. Results are written; none may share memory with an operand. */
  run(arrays: ReadonlyMap<ValueId, Float32Array>): void {
    const { wide, numbers, results, sums } = this.#layout;
    const memory = this.#memory;
    const arrayOf = (value: ValueId): Float32Array => {
      const array = arrays.get(value);
      if (array === undefined) throw new InternalError(`no array for %${String(value)}`);
      return array;
    };
    for (const [value, address] of numbers) memory[address / 4] = at(arrayOf(value), 0);
    const length = this.kernel.shape.reduce((product, own) => product * own, 1);
    const totals = new Map([...sums.keys()].map((value) => [value, 0]));
    for (const [start, end] of piecesOf(length)) {
      for (const [value, address] of wide) memory.set(arrayOf(value).subarray(start, end), address / 4);
      this.#run((end - start) * 4);
      for (const [value, address] of results) {
        const first = address / 4;
        arrayOf(value).set(memory.subarray(first, first + end - start), start);
      }
      const lanes = Math.min(LANES, end - start);
      for (const [value, address] of sums) {
        let total = totals.get(value) ?? 0;
        for (let lane = 0; lane < lanes; lane += 1) total += at(memory, address / 4 + lane);
        totals.set(value, total);
      }
    }
    for (const [value, total] of totals) arrayOf(value)[0] = total;
  }
}

/** From where to where: what fills no vector is a piece of its own, so that sums know which lanes are of use. */
function piecesOf(length: number): readonly (readonly [number, number])[] {
  const whole = length - (length % LANES);
  const count = Math.ceil(whole / PIECE);
  const pieces = Array.from(
    { length: count },
    (_, piece) => [piece * PIECE, Math.min((piece + 1) * PIECE, whole)] as const,
  );
  return whole < length ? [...pieces, [whole, length]] : pieces;
}

function layOut({ operands, results }: ElementwiseKernel): Layout {
  let bytes = 0;
  const place = (values: readonly ValueId[], size: number): ReadonlyMap<ValueId, number> =>
    new Map(
      values.map((value) => {
        bytes += size;
        return [value, bytes - size] as const;
      }),
    );
  const piece = PIECE * 4;
  const pick = (isWide: boolean): readonly ValueId[] =>
    operands.filter((operand) => operand.isWide === isWide).map(({ value }) => value);
  const put = (isSum: boolean): readonly ValueId[] => [
    ...new Set(results.filter((result) => result.isSum === isSum).map(({ value }) => value)),
  ];
  const wide = place(pick(true), piece);
  const written = place(put(false), piece);
  const numbers = place(pick(false), VECTOR_BYTES);
  const sums = place(put(true), VECTOR_BYTES);
  return { wide, numbers, results: written, sums, bytes };
}

function writeKernel(kernel: ElementwiseKernel, layout: Layout, program: Program): Uint8Array {
  const writer = new LoopWriter();
  const locals = new Map<ValueId, Local>();
  for (const [value, address] of layout.numbers) locals.set(value, writer.splat(address));
  for (const [value, address] of layout.wide) locals.set(value, writer.load(address));
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
  for (const [value, address] of layout.results) writer.store(address, take(value));
  return writer.finish(layout.bytes);
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
