/** Makes tensors of the numbers that are computed beside the stages of a plan. */
import { at, type PortKey } from '@sbn/program';
import type { ArraySource } from './buffer-pool.js';
import { NativeTensor } from './native-tensor.js';
import { NumberProgram } from './number-program.js';
import { PIECES, type NumberEnd } from './peel-numbers.js';

export class NumberRunner {
  readonly #numbers: NumberProgram | undefined;
  readonly #arrays: ArraySource;

  /** Results come from `arrays`. Without an end there are none. */
  constructor(end: NumberEnd | undefined, arrays: ArraySource) {
    this.#numbers = end === undefined ? undefined : new NumberProgram(end);
    this.#arrays = arrays;
  }

  /** `tensorOf` gives inputs, and `latent:%numbers`, which is what a stage has handed over. */
  run(tensorOf: (key: PortKey) => NativeTensor): readonly (readonly [PortKey, NativeTensor])[] {
    if (this.#numbers === undefined) return [];
    const { end } = this.#numbers;
    const hasPieces = end.operands.some(({ kind }) => kind === 'piece');
    const pieces = hasPieces ? tensorOf(`latent:${PIECES.name}`).values : NONE;
    const values = this.#numbers.run(pieces, (key) => tensorOf(key).values);
    return end.results.map(({ key }, place) => {
      const tensor = NativeTensor.allocate(this.#arrays, NUMBER);
      tensor.values[0] = at(values, place);
      return [key, tensor] as const;
    });
  }
}

const NONE = new Float32Array();
const NUMBER: readonly number[] = [];
