/** The rule of `stirling_remainder`. */
import { at } from '@sbn/program';
import type { GraphWriter, ValueName } from '../graph-writer.js';
import { log1p } from './elementwise.js';
import type { Rule } from './rule.js';

/** Stirling's series, as the reference has it: from x = 4 on, float32 needs no more of it. */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188] as const;
const SERIES_FROM = 4;

/**
 * The series at x, or where x < 4 at x + 4 with the four steps from there to x. Relative error about 1e-6, but for absolute errors
 * of 3e-7 between, where steps near 0 are what is left of numbers near 1.
 */
export const stirlingRemainder: Rule<'stirling_remainder'> = ({ graph, attributes: { order }, operands }) => {
  const x = at(operands, 0).name;
  const isSmall = graph.node('Less', [x, graph.scalar(SERIES_FROM)]);
  const shifted = graph.node('Where', [isSmall, plus(graph, x, SERIES_FROM), x]);
  // A number for the branch that is not taken; −0 would have −∞ as its inverse.
  const small = graph.node('Where', [isSmall, graph.node('Abs', [x]), graph.scalar(1)]);
  const steps = Array.from({ length: SERIES_FROM }, (_, k) =>
    step(graph, k === 0 ? small : plus(graph, small, k), order),
  );
  const whole = steps.reduce((sum, each) => graph.node('Add', [sum, each]));
  const remainder = graph.node('Add', [
    series(graph, shifted, order),
    graph.node('Where', [isSmall, whole, graph.scalar(0)]),
  ]);
  // At 0 the logarithm is −∞, and NaN below.
  const log = graph.node('Log', [x]);
  const edge = order % 2 === 0 ? graph.node('Neg', [log]) : log;
  return graph.node('Where', [graph.node('Greater', [x, graph.scalar(0)]), remainder, edge]);
};

function plus(graph: GraphWriter, x: ValueName, amount: number): ValueName {
  return graph.node('Add', [x, graph.scalar(amount)]);
}

function times(graph: GraphWriter, x: ValueName, factor: number): ValueName {
  return factor === 1 ? x : graph.node('Mul', [x, graph.scalar(factor)]);
}

/** Σ_k c_k (1 − 2k)(−2k) … (2 − 2k − order) x^{1 − 2k − order}, by powers of 1/x². */
function series(graph: GraphWriter, x: ValueName, order: number): ValueName {
  const inverse = graph.node('Reciprocal', [x]);
  const square = graph.node('Mul', [inverse, inverse]);
  const [first = 0, ...rest] = SERIES.map((coefficient, place) => {
    let factor: number = coefficient;
    for (let k = 0; k < order; k += 1) factor *= -1 - 2 * place - k;
    return factor;
  }).reverse();
  const sum = rest.reduce<ValueName>(
    (total, factor) => plus(graph, graph.node('Mul', [total, square]), factor),
    graph.scalar(first),
  );
  return graph.node('Mul', [sum, power(graph, inverse, order + 1)]);
}

/** (x + ½) L⁽ⁿ⁾ + n L⁽ⁿ⁻¹⁾ with L(x) = log(1 + 1/x), less 1 where n = 0 */
function step(graph: GraphWriter, x: ValueName, order: number): ValueName {
  const product = graph.node('Mul', [plus(graph, x, 0.5), logStep(graph, x, order)]);
  if (order === 0) return plus(graph, product, -1);
  return graph.node('Add', [product, times(graph, logStep(graph, x, order - 1), order)]);
}

function logStep(graph: GraphWriter, x: ValueName, order: number): ValueName {
  if (order === 0) return log1p(graph, graph.node('Reciprocal', [x]));
  let factor = 1;
  for (let k = 1; k < order; k += 1) factor *= -k;
  const far = power(graph, graph.node('Reciprocal', [plus(graph, x, 1)]), order);
  const near = power(graph, graph.node('Reciprocal', [x]), order);
  return times(graph, graph.node('Sub', [far, near]), factor);
}

/** By products, as all powers here are of whole numbers. */
function power(graph: GraphWriter, x: ValueName, exponent: number): ValueName {
  let product = x;
  for (let k = 1; k < exponent; k += 1) product = graph.node('Mul', [product, x]);
  return product;
}
