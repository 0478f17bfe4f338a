/** The end of a program that makes numbers, at work: in float64, rounded to float32 at the end. */
import { assertNever, InternalError, type OpKind, type PortKey, type ValueId } from '@sbn/program';
import type { NumberEnd, NumberOperand } from './peel-numbers.js';

/** The second number is that of operations with two operands. */
type NumberFunction = (x: number, y: number) => number;

export const NUMBER_FUNCTIONS: ReadonlyMap<OpKind, NumberFunction> = new Map<OpKind, NumberFunction>([
  ['add', (x, y) => x + y],
  ['subtract', (x, y) => x - y],
  ['multiply', (x, y) => x * y],
  ['divide', (x, y) => x / y],
  ['maximum', Math.max],
  ['minimum', Math.min],
  ['negate', (x) => -x],
  ['square', (x) => x * x],
  ['abs', Math.abs],
  ['sqrt', Math.sqrt],
]);

export class NumberProgram {
  readonly end: NumberEnd;
  /** By value. */
  readonly #arrays = new Map<ValueId, Float64Array>();
  readonly #pieces: Float64Array;
  readonly #inputs: readonly { readonly key: PortKey; readonly array: Float64Array }[];
  readonly #steps: readonly (() => void)[];
  readonly #results: readonly Float64Array[];

  constructor(end: NumberEnd) {
    this.end = end;
    this.#pieces = new Float64Array(
      end.operands.reduce((sum, { kind, length }) => (kind === 'piece' ? sum + length : sum), 0),
    );
    for (const operand of end.operands) this.#arrays.set(operand.value, this.#arrayFor(operand));
    this.#inputs = end.operands.flatMap((operand) =>
      operand.kind === 'input' ? [{ key: operand.key, array: this.#arrayOf(operand.value) }] : [],
    );
    this.#steps = end.instructions.map(({ id, kind, args, shape }) => {
      const result = new Float64Array((shape as readonly number[])[0] ?? 1);
      this.#arrays.set(id, result);
      const [x = result, y = x] = args.map((arg) => this.#arrayOf(arg));
      return kind === 'sum' ? writeSum(x, result) : writeStep(functionOf(kind), x, y, result);
    });
    this.#results = end.results.map(({ value }) => this.#arrayOf(value));
  }

  /** `pieces` is what the rest of the program hands over. Gives the results in their order. */
  run(pieces: Float32Array, inputOf: (key: PortKey) => Float32Array): readonly number[] {
    for (let place = 0; place < this.#pieces.length; place += 1) this.#pieces[place] = pieces[place] ?? NaN;
    for (const { key, array } of this.#inputs) array.set(inputOf(key));
    for (const step of this.#steps) step();
    return this.#results.map(([number = NaN]) => number);
  }

  #arrayFor(operand: NumberOperand): Float64Array {
    const { kind, length } = operand;
    switch (kind) {
      case 'piece':
        return this.#pieces.subarray(operand.start, operand.start + length);
      case 'input':
        return new Float64Array(length);
      case 'constant':
        return new Float64Array(length).fill(operand.number);
      default:
        return assertNever(kind);
    }
  }

  #arrayOf(value: ValueId): Float64Array {
    const array = this.#arrays.get(value);
    if (array === undefined) throw new InternalError(`no numbers of value ${String(value)}`);
    return array;
  }
}

function functionOf(kind: OpKind): NumberFunction {
  const found = NUMBER_FUNCTIONS.get(kind);
  if (found === undefined) throw new InternalError(`${kind} is no function of numbers`);
  return found;
}

function writeSum(x: Float64Array, result: Float64Array): () => void {
  return () => {
    let sum = 0;
    // A callback for each element would take several times as long.
    for (const value of x) sum += value;
    result[0] = sum;
  };
}

/** Element by element; a number goes with every element of a vector. */
function writeStep(compute: NumberFunction, x: Float64Array, y: Float64Array, result: Float64Array): () => void {
  if (result.length === 1) return () => (result[0] = compute(x[0] ?? NaN, y[0] ?? NaN));
  const [ofX, ofY] = [x.length === 1 ? 0 : 1, y.length === 1 ? 0 : 1];
  return () => {
    for (let place = 0; place < result.length; place += 1)
      result[place] = compute(x[place * ofX] ?? NaN, y[place * ofY] ?? NaN);
  };
}
