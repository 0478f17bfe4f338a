/** What a kernel's values cannot exceed, from what its operands do not: whether it can fail is known before it has written anything. */
import { at, InternalError, type OpKind, type Program, type ValueId } from '@sbn/program';
import type { ElementwiseKernel } from './peel-elementwise.js';

/** All values of an array lie in it, and so none is NaN. Both ends are finite. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Close to the largest float32. */
const LARGEST = 3e38;
/** Of a sum: a float32 sum of very many numbers, each of which is rounded, can come to a few times as much as they do. */
const LARGEST_SUM = 1e37;
/** More than the rounding of one operation, a part in 2²⁴. */
const ROUNDING = 2 ** -20;
/** The least float32 of full precision: what is smaller can be rounded by any part of itself. */
const LEAST = 2 ** -126;

interface Step {
  readonly kind: OpKind;
  /** Which ranges, of operands, constants and steps before. */
  readonly first: number;
  readonly second: number;
}

/**
 * Ranges of all values that a kernel computes, by interval arithmetic (Moore, "Interval analysis", 1966), every end moved outwards by more
 * than float32 rounds. Once for each parameter and step, so it is all in one array of numbers.
 */
export class KernelBounds {
  readonly #steps: readonly Step[];
  readonly #length: number;
  /** Low and high in turn: of the operands, of constants, and of what the kernel computes. */
  readonly #ends: Float64Array;
  /** Of the first step. */
  readonly #start: number;
  readonly #places: ReadonlyMap<ValueId, number>;

  constructor({ operands, instructions, shape }: ElementwiseKernel, program: Program) {
    const places = new Map(operands.map(({ value }, place) => [value, place]));
    const constants: number[] = [];
    for (const value of instructions.flatMap(({ args }): readonly ValueId[] => args)) {
      const instruction = program.instructions[value - program.inputs.length];
      if (places.has(value) || instruction?.kind !== 'constant') continue;
      places.set(value, operands.length + constants.length);
      constants.push(Math.fround(at(instruction.attributes.values, 0)));
    }
    this.#start = operands.length + constants.length;
    instructions.forEach(({ id }, step) => places.set(id, this.#start + step));
    const placeOf = (value: ValueId): number => {
      const place = places.get(value);
      if (place === undefined) throw new InternalError(`no range for %${String(value)}`);
      return place;
    };
    this.#steps = instructions.map(({ kind, args: [first, second = first] }) => {
      if (first === undefined || second === undefined) throw new InternalError(`${kind} of nothing`);
      return { kind, first: placeOf(first), second: placeOf(second) };
    });
    this.#places = places;
    this.#length = shape.reduce((product, own) => product * own, 1);
    this.#ends = new Float64Array(2 * (this.#start + instructions.length));
    constants.forEach((value, place) => {
      this.#ends.fill(value, 2 * (operands.length + place), 2 * (operands.length + place + 1));
    });
  }

  /** Of an operand, in the kernel's order. */
  setOperand(place: number, low: number, high: number): void {
    this.#ends[2 * place] = low;
    this.#ends[2 * place + 1] = high;
  }

  /** Of a value of the kernel, as the last `areFinite` has found. */
  rangeOf(value: ValueId): Range {
    const place = this.#places.get(value) ?? NaN;
    return { low: at(this.#ends, 2 * place), high: at(this.#ends, 2 * place + 1) };
  }

  /** Whether all values will be finite, and all partial sums of what is added up, for operands within their ranges. */
  areFinite(): boolean {
    const ends = this.#ends;
    let place = 2 * this.#start;
    for (const { kind, first, second } of this.#steps) {
      const [aLow, aHigh] = [ends[2 * first] ?? NaN, ends[2 * first + 1] ?? NaN];
      const [bLow, bHigh] = [ends[2 * second] ?? NaN, ends[2 * second + 1] ?? NaN];
      let low: number;
      let high: number;
      switch (kind) {
        case 'add':
          [low, high] = [aLow + bLow, aHigh + bHigh];
          break;
        case 'subtract':
          [low, high] = [aLow - bHigh, aHigh - bLow];
          break;
        case 'multiply':
          low = Math.min(aLow * bLow, aLow * bHigh, aHigh * bLow, aHigh * bHigh);
          high = Math.max(aLow * bLow, aLow * bHigh, aHigh * bLow, aHigh * bHigh);
          break;
        case 'divide':
          if (bLow <= 0 && bHigh >= 0) return false;
          low = Math.min(aLow / bLow, aLow / bHigh, aHigh / bLow, aHigh / bHigh);
          high = Math.max(aLow / bLow, aLow / bHigh, aHigh / bLow, aHigh / bHigh);
          break;
        case 'maximum':
          [low, high] = [Math.max(aLow, bLow), Math.max(aHigh, bHigh)];
          break;
        case 'minimum':
          [low, high] = [Math.min(aLow, bLow), Math.min(aHigh, bHigh)];
          break;
        case 'negate':
          [low, high] = [-aHigh, -aLow];
          break;
        case 'abs':
          [low, high] = [Math.max(0, aLow, -aHigh), Math.max(-aLow, aHigh)];
          break;
        case 'sqrt':
          [low, high] = [Math.sqrt(aLow), Math.sqrt(aHigh)];
          break;
        case 'square':
          [low, high] = [Math.max(0, aLow, -aHigh) ** 2, Math.max(-aLow, aHigh) ** 2];
          break;
        case 'sum':
          // Every partial sum is in it too.
          high = this.#length * Math.max(-aLow, aHigh);
          low = -high;
          break;
        default:
          // Of no other operation is a bound written down here.
          return false;
      }
      low = -roundUp(-low);
      high = roundUp(high);
      const most = kind === 'sum' ? LARGEST_SUM : LARGEST;
      // NaN is neither.
      if (!(low >= -most && high <= most)) return false;
      ends[place] = low;
      ends[place + 1] = high;
      place += 2;
    }
    return true;
  }
}

/** A number that no float32 is above which comes from numbers up to this one. A result below 0 is not rounded to more than 0. */
function roundUp(high: number): number {
  if (high > 0) return high * (1 + ROUNDING) + LEAST;
  return high > -LEAST ? 0 : high * (1 - ROUNDING);
}
