/** In what range an array's values lie. */
import { at, ProgramBuilder } from '@sbn/program';
import type { Range } from './bound-kernel.js';
import { CompiledKernel, scratchOf } from './elementwise-kernel.js';
import type { KernelMemory } from './kernel-memory.js';
import { peelElementwise, type ElementwiseKernel } from './peel-elementwise.js';

/** The least and the largest value, one by one; undefined where one is not finite. */
export function measureRange(values: Float32Array): Range | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) return undefined;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** Arrays that are gone through side by side, so that one sum is waited for by four vectors. */
const SIDES = 4;
const LANES = 4;
/** Below so many values a loop over vectors does not pay. */
const FEWEST = 1024;
/** More than a square loses where it is rounded, and where it is too small for float32. */
const [ROUNDING, LEAST] = [2 ** -20, 2 ** -70] as const;

/** The same in less time for arrays in the kernels' memory, and not as close: within the root of the sum of squares. */
export class RangeKernel {
  readonly #compiled: CompiledKernel | undefined;
  /** Of one of the sides. */
  readonly #length: number;
  readonly #sum = [new Float32Array(1)] as const;
  /** Of the arrays that have been measured, which are those of the kernels' memory. */
  readonly #sides = new Map<Float32Array, readonly Float32Array[]>();

  /** For arrays of so many values. `memory` has at least `scratchOfRanges` bytes of scratch. */
  constructor(length: number, memory: KernelMemory) {
    const { kernel, program } = describe(length) ?? {};
    this.#length = sideOf(length);
    this.#compiled = kernel && program && new CompiledKernel(kernel, program, memory);
  }

  /** Undefined where a value is not finite, or too large for its square to be. */
  measure(values: Float32Array): Range | undefined {
    const compiled = this.#compiled;
    if (compiled === undefined) return measureRange(values);
    const length = this.#length;
    const sides =
      this.#sides.get(values) ??
      Array.from({ length: SIDES }, (_, side) => values.subarray(side * length, (side + 1) * length));
    this.#sides.set(values, sides);
    compiled.run(sides, this.#sum);
    let total = at(this.#sum[0], 0);
    // A sum of numbers that are not negative is not rounded to less than one of them, so no value is larger than its root.
    for (let place = SIDES * length; place < values.length; place += 1) total += (values[place] ?? NaN) ** 2;
    if (!Number.isFinite(total)) return undefined;
    const high = Math.sqrt(total) * (1 + ROUNDING) + LEAST;
    return { low: -high, high };
  }
}

/** Bytes that a `RangeKernel` needs for itself. */
export function scratchOfRanges(length: number): number {
  const described = describe(length);
  return described === undefined ? 0 : scratchOf(described.kernel);
}

function sideOf(length: number): number {
  return Math.floor(length / (SIDES * LANES)) * LANES;
}

function describe(
  length: number,
): { kernel: ElementwiseKernel; program: ReturnType<ProgramBuilder['finish']> } | undefined {
  if (length < FEWEST) return undefined;
  const builder = new ProgramBuilder('range');
  const squares = Array.from({ length: SIDES }, (_, side) =>
    builder.emit('square', [builder.input('state', String(side), [sideOf(length)])], {}),
  );
  const total = squares.reduce((sum, square) => builder.add(sum, square));
  builder.output('parameter_sum', 'squares', builder.sum(total, [0]));
  const program = builder.finish();
  return { program, kernel: at(peelElementwise(program).kernels, 0) };
}
