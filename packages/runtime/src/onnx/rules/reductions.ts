/** Rules of sums, maxima and choices. */
import { at, isBatchDim, type Dim } from '@sbn/program';
import { OnnxError } from '../../errors.js';
import type { GraphWriter, ValueName } from '../graph-writer.js';
import { isLargerProbability } from './probability.js';
import { isEmpty, type Rule, type RuleContext } from './rule.js';

/** Longer sums go in two stages of about √n: float32 sums lose a digit per factor of ten otherwise. */
const LONGEST_PLAIN_SUM = 1024;

/** A sum over rows is taken to be no long one where the number of rows is not known. */
const lengthOf = (dim: Dim): number => (isBatchDim(dim) ? dim.batch : dim);

export const sum: Rule<'sum'> = (context) => {
  const {
    graph,
    attributes: { axes, keep },
    operands,
    shape,
  } = context;
  const { name, shape: from } = at(operands, 0);
  if (isEmpty(from)) return graph.fill(shape, 0);
  if (axes.length === 0) return name;
  const logs = sumOfLogs(context);
  if (logs !== undefined) return logs;
  const count = axes.reduce((product, axis) => product * lengthOf(at(from, axis)), 1);
  const isOfRows = from.length === 2 && axes.length === 1 && axes[0] === 0 && !keep;
  // Where the number of rows is not known there is no such row of ones.
  if (isOfRows && !isBatchDim(at(from, 0)) && count <= LONGEST_PLAIN_SUM) return sumRows(graph, name, count);
  if (count <= LONGEST_PLAIN_SUM) return graph.node('ReduceSum', [name, graph.ints(axes)], { keepdims: keep ? 1 : 0 });
  let value = name;
  let left = from;
  for (const axis of axes.toSorted((a, b) => b - a)) {
    value = sumAxis(graph, value, left, axis);
    left = left.with(axis, 1);
  }
  return keep ? value : graph.node('Reshape', [value, graph.lengths(shape)], { allowzero: 1 });
};

/** As the product with a row of ones, in a third of the time in which `ReduceSum` adds up rows. */
function sumRows(graph: GraphWriter, value: ValueName, rows: number): ValueName {
  return graph.node('MatMul', [graph.floats([rows], new Array<number>(rows).fill(1)), value]);
}

/** So many numbers of at least ½ have a product far above the least number of float32. */
const MOST_FACTORS = 100;
/** In groups of more, each factor waits for the one before, which takes longer than the logarithms of twice as many groups. */
const QUICKEST = 50;
const FEWEST_FACTORS = 8;

/**
 * Over the last axis, of logarithms of numbers in [½, 1]: logarithms of their products, a group of them at a time. The product takes a
 * fifth of the time that their logarithms take.
 */
function sumOfLogs({
  graph,
  attributes: { axes, keep },
  operands,
  operandsOf,
}: RuleContext<'sum'>): ValueName | undefined {
  const { instruction, shape: from, uses } = at(operands, 0);
  if (instruction?.kind !== 'log' || uses > 1 || axes.length !== 1 || axes[0] !== from.length - 1) return undefined;
  const factor = at(operandsOf(instruction), 0);
  const length = at(from, from.length - 1);
  if (isBatchDim(length) || !isLargerProbability(factor, operandsOf)) return undefined;
  const sizes = [QUICKEST, MOST_FACTORS].map((most) => largestDivisor(length, most));
  const size = sizes.find((factors) => factors >= FEWEST_FACTORS);
  if (size === undefined) return undefined;
  const split = [...from.slice(0, -1), length / size, size];
  const grouped = graph.node('Reshape', [factor.name, graph.lengths(split)], { allowzero: 1 });
  const products = graph.node('ReduceProd', [grouped, graph.ints([from.length])], { keepdims: 0 });
  const axis = graph.ints([from.length - 1]);
  const total = graph.node('ReduceSum', [graph.node('Log', [products]), axis], { keepdims: keep ? 1 : 0 });
  return total;
}

/** Of `number`, up to `most`. */
function largestDivisor(number: number, most: number): number {
  let divisor = Math.min(number, most);
  while (number % divisor !== 0) divisor -= 1;
  return divisor;
}

/** The axis stays, as one of 1. */
function sumAxis(graph: GraphWriter, value: ValueName, shape: readonly Dim[], axis: number): ValueName {
  const length = at(shape, axis);
  const plain = (part: ValueName, own: number): ValueName =>
    graph.node('ReduceSum', [part, graph.ints([own])], { keepdims: 1 });
  if (isBatchDim(length) || length <= LONGEST_PLAIN_SUM) return plain(value, axis);
  const size = Math.floor(Math.sqrt(length));
  const groups = Math.floor(length / size);
  const rest = length - groups * size;
  const part = (begin: number, end: number): ValueName =>
    graph.node('Slice', [value, graph.ints([begin]), graph.ints([end]), graph.ints([axis])]);
  const main = rest === 0 ? value : part(0, groups * size);
  const split = [...shape.slice(0, axis), groups, size, ...shape.slice(axis + 1)];
  const grouped = graph.node(
    'ReduceSum',
    [graph.node('Reshape', [main, graph.lengths(split)], { allowzero: 1 }), graph.ints([axis + 1])],
    { keepdims: 0 },
  );
  const total = sumAxis(graph, grouped, shape.with(axis, groups), axis);
  return rest === 0 ? total : graph.node('Add', [total, plain(part(groups * size, length), axis)]);
}

/** −∞ over an empty axis, and NaN where there is one, which `ReduceMax` may drop. */
export const max: Rule<'max'> = ({ graph, attributes: { axes, keep }, operands, shape }) => {
  const { name, shape: from } = at(operands, 0);
  if (isEmpty(from)) return graph.fill(shape, -Infinity);
  if (axes.length === 0) return name;
  const over = (value: ValueName): ValueName =>
    graph.node('ReduceMax', [value, graph.ints(axes)], { keepdims: keep ? 1 : 0 });
  return graph.node('Where', [over(graph.node('IsNaN', [name])), graph.scalar(NaN), over(name)]);
};

/**
 * The first of the largest. NaN is never larger than another: it counts as −∞, but in the first place, where nothing is larger
 * than it, as ∞. `ArgMax` itself gives any place where there is a NaN.
 */
export const oneHotArgmax: Rule<'one_hot_argmax'> = ({ graph, operands, shape }) => {
  const { name } = at(operands, 0);
  const classes = at(shape, shape.length - 1);
  if (isBatchDim(classes)) throw new OnnxError('one_hot_argmax: a choice among as many as there are rows');
  const stand = graph.floats(
    [classes],
    Array.from({ length: classes }, (_, place) => (place === 0 ? Infinity : -Infinity)),
  );
  const known = graph.node('Where', [graph.node('IsNaN', [name]), stand, name]);
  // A place among no rows would be a scalar, which `OneHot` does not take.
  const isRow = shape.length === 1;
  const place = graph.node('ArgMax', [known], { axis: shape.length - 1, keepdims: isRow ? 1 : 0 });
  const chosen = graph.node('OneHot', [place, graph.ints([classes]), graph.floats([2], [0, 1])], { axis: -1 });
  return isRow ? graph.node('Reshape', [chosen, graph.ints([classes])]) : chosen;
};
