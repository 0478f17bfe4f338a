/** The elementwise end of a program at work, over the tensors of a run: in place where nothing can fail any more. */
import { at, InternalError, type PortKey, type Program, type ValueId } from '@sbn/program';
import { KernelBounds, type Range } from '../../wasm/bound-kernel.js';
import { CompiledKernel, scratchOf } from '../../wasm/elementwise-kernel.js';
import { KernelMemory } from '../../wasm/kernel-memory.js';
import { measureRange, RangeKernel, scratchOfRanges } from '../../wasm/measure-range.js';
import type { ElementwiseKernel, KernelOperand } from '../../wasm/peel-elementwise.js';
import { KernelArrays, type ArraySource } from './buffer-pool.js';
import { NativeTensor } from './native-tensor.js';

/** Values that a graph hands to kernels are called so. */
export const HANDED = 'latent:%';

/** Of more than this the kernels' memory, whose addresses have 32 bits, holds none: arrays pass through it then. */
const MOST_RESIDENT = 2 ** 30;

/** Runs without another attempt, after one in which what was just measured has not ruled out a failure. */
const PAUSE = 100;

/** Elements of kernels whose arrays a processor's cache does not hold from step to step. */
const LARGE = 8192;

const NUMBER: readonly number[] = [];
const NONE: ReadonlySet<PortKey> = new Set();

/** A kernel, with what of it does not change from run to run. */
interface Job {
  readonly compiled: CompiledKernel;
  readonly bounds: KernelBounds;
  readonly operands: readonly KernelOperand[];
  readonly results: readonly JobResult[];
}

interface JobResult {
  readonly key: PortKey;
  readonly value: ValueId;
  readonly isSum: boolean;
  /** Among the values that the kernel writes; a value that is more than one output is written once. */
  readonly place: number;
  /** Of the operand of the same key, over which it may be written. */
  readonly over: number | undefined;
}

export class KernelRunner {
  /** Where results come from, and what the graph hands over had better lie. */
  readonly arrays: ArraySource;
  /** Kernels that gain nothing by writing over what they read, and those that do. */
  readonly #small: readonly Job[];
  readonly #large: readonly Job[];
  readonly #memory: KernelMemory | undefined;
  /** By the length of an array. */
  readonly #rangeKernels = new Map<number, RangeKernel>();
  #pause = 0;

  /** `program` is what the kernels were taken off, without batch axes. */
  constructor(program: Program, kernels: readonly ElementwiseKernel[], pool: ArraySource) {
    const memory = memoryFor(kernels);
    this.arrays = memory === undefined ? pool : new KernelArrays(memory, pool);
    const jobs = memory === undefined ? [] : kernels.map((kernel) => createJob(kernel, program, memory));
    this.#small = jobs.filter(({ compiled }) => lengthOf(compiled.kernel) < LARGE);
    this.#large = jobs.filter(({ compiled }) => lengthOf(compiled.kernel) >= LARGE);
    this.#memory = memory;
  }

  /**
   * Adds the kernels' results to `outputs`, which has those of the graph. A result of a key that is `replaced` takes the place of the tensor
   * of that key among `known`, which is as if disposed of then; but only where it is certain that loss and sums of parameters are finite.
   * Where this throws, all tensors of `known` are as they were.
   */
  run(
    known: ReadonlyMap<PortKey, NativeTensor>,
    outputs: Map<PortKey, NativeTensor>,
    replaced: ReadonlySet<PortKey>,
  ): void {
    const collect = ({ operands }: Job): readonly NativeTensor[] => operands.map(({ key }) => tensorOf(known, key));
    // Of these the sums are known before the first of the others is overwritten.
    for (const job of this.#small) {
      this.#allocate(job, outputs, NONE);
      const own = collect(job);
      runJob(job, own, arraysOf(own), outputs, NONE);
    }
    const operands = this.#large.map(collect);
    const over = this.#canReplace(operands, outputs, replaced) && this.#areFinite(operands) ? replaced : NONE;
    // All is there, operands and memory for results, before the first value is written.
    const arrays = operands.map(arraysOf);
    for (const job of this.#large) this.#allocate(job, outputs, over);
    for (const [place, own] of operands.entries())
      runJob(at(this.#large, place), own, at(arrays, place), outputs, over);
  }

  #allocate({ compiled, results }: Job, outputs: Map<PortKey, NativeTensor>, over: ReadonlySet<PortKey>): void {
    for (const result of results)
      if (!isOver(result, over))
        outputs.set(result.key, NativeTensor.allocate(this.arrays, result.isSum ? NUMBER : compiled.kernel.shape));
  }

  /** Whether results may be written over what they are computed from, as far as the graph's results and the places of tensors go. */
  #canReplace(
    operands: readonly (readonly NativeTensor[])[],
    outputs: ReadonlyMap<PortKey, NativeTensor>,
    replaced: ReadonlySet<PortKey>,
  ): boolean {
    const memory = this.#memory;
    if (memory === undefined || replaced.size === 0) return false;
    if (this.#pause > 0) {
      this.#pause -= 1;
      return false;
    }
    for (const [key, { values }] of outputs) if (isGuard(key) && !values.every(Number.isFinite)) return false;
    const seen = new Set<Float32Array>();
    for (const [job, own] of operands.entries())
      for (const [place, { values }] of own.entries()) {
        if (!at(at(this.#large, job).operands, place).isWide) continue;
        // No kernel may find what another has written, nor one array under two names.
        if (seen.has(values) || !memory.has(values)) return false;
        seen.add(values);
      }
    return true;
  }

  /** Whether all that the kernels compute is finite, as far as ranges can tell. */
  #areFinite(operands: readonly (readonly NativeTensor[])[]): boolean {
    for (const [place, own] of operands.entries()) {
      const job = at(this.#large, place);
      // Ranges that follow from one step to the next only grow: they are measured again before they are given up.
      if (this.#isFinite(job, own) || this.#isFinite(job, own.map(forgetRange))) continue;
      this.#pause = PAUSE;
      return false;
    }
    return true;
  }

  #isFinite({ operands, bounds }: Job, tensors: readonly NativeTensor[]): boolean {
    for (const [place, tensor] of tensors.entries()) {
      const range = (tensor.range ??= this.#measure(at(operands, place), tensor));
      if (range === undefined) return false;
      bounds.setOperand(place, range.low, range.high);
    }
    return bounds.areFinite();
  }

  #measure({ key, isWide }: KernelOperand, { values }: NativeTensor): Range | undefined {
    const memory = this.#memory;
    // What the graph hands over is another tensor in each run; what stays is measured once, and as it is.
    if (memory === undefined || !isWide || !key.startsWith(HANDED)) return measureRange(values);
    const { length } = values;
    const found = this.#rangeKernels.get(length) ?? new RangeKernel(length, memory);
    this.#rangeKernels.set(length, found);
    return found.measure(values);
  }
}

function createJob(kernel: ElementwiseKernel, program: Program, memory: KernelMemory): Job {
  const compiled = new CompiledKernel(kernel, program, memory);
  const { operands } = kernel;
  const results = kernel.results.map(({ key, value, isSum }): JobResult => {
    const over = operands.findIndex((operand) => operand.key === key && operand.isWide && !isSum);
    return { key, value, isSum, place: compiled.values.indexOf(value), over: over < 0 ? undefined : over };
  });
  return { compiled, bounds: new KernelBounds(kernel, program), operands, results };
}

function isOver({ key, over }: JobResult, replaced: ReadonlySet<PortKey>): boolean {
  return over !== undefined && replaced.has(key);
}

/** `read` are the arrays of `operands`. The outputs that lie elsewhere are there already. Where some do not, the ranges of all results are known. */
function runJob(
  { compiled, bounds, results }: Job,
  operands: readonly NativeTensor[],
  read: readonly Float32Array[],
  outputs: Map<PortKey, NativeTensor>,
  replaced: ReadonlySet<PortKey>,
): void {
  const written: Float32Array[] = [];
  /** Of a value that is more than one output. */
  const copies: JobResult[] = [];
  for (const result of results) {
    const { key, value, over } = result;
    if (over !== undefined && isOver(result, replaced)) outputs.set(key, at(operands, over).handOver());
    const tensor = tensorOf(outputs, key);
    if (replaced.size > 0) tensor.range = bounds.rangeOf(value);
    if (written[result.place] === undefined) written[result.place] = tensor.values;
    else copies.push(result);
  }
  compiled.run(read, written);
  for (const { key, place } of copies) tensorOf(outputs, key).values.set(at(written, place));
}

/** @throws EngineError where one was disposed of. */
function arraysOf(tensors: readonly NativeTensor[]): readonly Float32Array[] {
  return tensors.map(({ values }) => values);
}

function forgetRange(tensor: NativeTensor): NativeTensor {
  tensor.range = undefined;
  return tensor;
}

/** Outputs that say whether a step has come to something. */
function isGuard(key: PortKey): boolean {
  return key.startsWith('loss:') || key.startsWith('parameter_sum:');
}

/**
 * Room for what kernels read from the graph, and twice for their results: those of a step are the next one's operands, and lie elsewhere
 * where it may yet fail.
 */
function memoryFor(kernels: readonly ElementwiseKernel[]): KernelMemory | undefined {
  if (kernels.length === 0) return undefined;
  const lengths = kernels.flatMap(({ operands, results, ...kernel }) => {
    const handed = operands.filter(({ isWide, key }) => isWide && key.startsWith(HANDED)).length;
    const written = results.filter(({ isSum }) => !isSum).length;
    return new Array<number>(handed + 2 * written).fill(lengthOf(kernel));
  });
  const bytes = lengths.reduce((sum, length) => sum + 4 * length, 0);
  const scratch = kernels.map((kernel) => Math.max(scratchOf(kernel), scratchOfRanges(lengthOf(kernel))));
  return new KernelMemory(Math.max(...scratch), bytes > MOST_RESIDENT ? [] : lengths);
}

function lengthOf({ shape }: Pick<ElementwiseKernel, 'shape'>): number {
  return shape.reduce((product, own) => product * own, 1);
}

function tensorOf(tensors: ReadonlyMap<PortKey, NativeTensor>, key: PortKey): NativeTensor {
  const tensor = tensors.get(key);
  if (tensor === undefined) throw new InternalError(`no tensor ${key}`);
  return tensor;
}
