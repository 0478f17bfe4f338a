/** Draws that no short formula gives: quantile functions, and counts that share a number of trials. */
import { at } from '../errors.js';
import { broadcastShapes, formatShape, type Shape } from '../shape.js';
import { betaQuantile, negativeBinomialQuantile } from '../special/beta-quantile.js';
import { gammaQuantile } from '../special/gamma-quantile.js';
import { drawMultinomial } from '../special/multinomial-draw.js';
import type { OpDefinition, ReferenceTensor } from './definition.js';
import { broadcastOffsets } from './strides.js';

function drawnShape(operands: readonly Shape[]): Shape | string {
  const [uniforms, ...parameters] = operands;
  const wide = operands.reduce<Shape | undefined>((all, shape) => all && broadcastShapes(all, shape), []);
  if (wide !== undefined) return wide;
  const of = parameters.map(formatShape).join(' and ');
  return `uniforms of shape ${formatShape(uniforms ?? [])} and parameters of shape ${of} do not broadcast together`;
}

/** `f` of the elements that broadcasting puts together. */
function evaluateEach(
  operands: readonly ReferenceTensor[],
  shape: readonly number[],
  f: (...values: readonly number[]) => number,
): Float64Array {
  const offsets = operands.map((operand) => broadcastOffsets(operand.shape, shape));
  const length = shape.reduce((count, size) => count * size, 1);
  return Float64Array.from({ length }, (_, place) =>
    f(...operands.map(({ values }, position) => at(values, at(at(offsets, position), place)))),
  );
}

/** Operands (u, a), element by element with broadcasting. Flat: a draw has no derivative. */
export const gamma_quantile: OpDefinition<'gamma_quantile'> = {
  smoothness: 'flat',
  shape: drawnShape,
  derive: () => [undefined, undefined],
  evaluate: (operands, _, shape) => evaluateEach(operands, shape, (u = NaN, a = NaN) => gammaQuantile(u, a)),
};

/** Operands (u, a, b), likewise. */
export const beta_quantile: OpDefinition<'beta_quantile'> = {
  smoothness: 'flat',
  shape: drawnShape,
  derive: () => [undefined, undefined, undefined],
  evaluate: (operands, _, shape) => evaluateEach(operands, shape, (u = NaN, a = NaN, b = NaN) => betaQuantile(u, a, b)),
};

/** Operands (u, r, odds), likewise. */
export const negative_binomial_quantile: OpDefinition<'negative_binomial_quantile'> = {
  smoothness: 'flat',
  shape: drawnShape,
  derive: () => [undefined, undefined, undefined],
  evaluate: (operands, _, shape) =>
    evaluateEach(operands, shape, (u = NaN, r = NaN, odds = NaN) => negativeBinomialQuantile(u, r, odds)),
};

/** Operands (u, p, trials): the classes are the last axis, along which the trials do not differ. */
export const multinomial_draw: OpDefinition<'multinomial_draw'> = {
  smoothness: 'flat',
  shape: (operands) => {
    const shape = drawnShape(operands);
    if (typeof shape === 'string') return shape;
    if (shape.length === 0) return 'a scalar has no last axis of classes';
    const trials = at(operands, 2);
    if (trials.length === 0 || at(trials, trials.length - 1) === 1) return shape;
    return `trials of shape ${formatShape(trials)}: the last axis, of classes, must be 1`;
  },
  derive: () => [undefined, undefined, undefined],
  evaluate: (operands, _, shape) => {
    const [uniforms, probabilities, trials] = [at(operands, 0), at(operands, 1), at(operands, 2)];
    const wide = (operand: ReferenceTensor): Float64Array => evaluateEach([operand], shape, (value = NaN) => value);
    return Float64Array.from(drawMultinomials(wide(uniforms), wide(probabilities), wide(trials), shape));
  },
};

/** Row by row along the last axis of `shape`, which all three arrays have. */
export function drawMultinomials(
  uniforms: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  trials: ArrayLike<number>,
  shape: readonly number[],
): readonly number[] {
  const classes = at(shape, shape.length - 1);
  const rows = classes === 0 ? 0 : uniforms.length / classes;
  return Array.from({ length: rows }, (_, row) => {
    const part = (values: ArrayLike<number>): number[] =>
      Array.from({ length: classes }, (__, k) => values[row * classes + k] ?? NaN);
    return drawMultinomial(part(uniforms), part(probabilities), trials[row * classes] ?? NaN);
  }).flat();
}
