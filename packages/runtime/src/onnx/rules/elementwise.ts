/**
 * Rules of elementwise operations. Where ONNX Runtime differs from the reference, or has no such operation, the
 * rule writes several that do not; each says what was wrong (of version 1.30, on a CPU).
 */
import { at, type BinaryKind, type OpKind, type UnaryKind } from '@sbn/program';
import type { GraphWriter, ValueName } from '../graph-writer.js';
import { isNumber } from './probability.js';
import type { Rule } from './rule.js';

export function unary<K extends UnaryKind>(write: (graph: GraphWriter, x: ValueName) => ValueName): Rule<K> {
  return ({ graph, operands }) => write(graph, at(operands, 0).name);
}

export function binary<K extends BinaryKind>(operator: string): Rule<K> {
  return ({ graph, operands }) => graph.node(operator, [at(operands, 0).name, at(operands, 1).name]);
}

/** 1 − x is computed once, as what is larger of a probability and its complement needs it too. */
export const subtract: Rule<'subtract'> = ({ graph, operands }) => {
  const [a, b] = [at(operands, 0), at(operands, 1)];
  return isNumber(a, 1) ? graph.complement(b.name) : graph.node('Sub', [a.name, b.name]);
};

/** A comparison as 1 and 0. */
export function comparison<K extends BinaryKind>(operator: string): Rule<K> {
  return ({ graph, operands }) => graph.truth(graph.node(operator, [at(operands, 0).name, at(operands, 1).name]));
}

export function same<K extends OpKind>(): Rule<K> {
  return ({ operands }) => at(operands, 0).name;
}

/** One operation of ONNX. */
export function plain(operator: string): (graph: GraphWriter, x: ValueName) => ValueName {
  return (graph, x) => graph.node(operator, [x]);
}

export function square(graph: GraphWriter, x: ValueName): ValueName {
  return graph.node('Mul', [x, x]);
}

/** 1 where x > 0, else 0, and at NaN. */
export function step(graph: GraphWriter, x: ValueName): ValueName {
  return graph.truth(graph.node('Greater', [x, graph.scalar(0)]));
}

/**
 * `1 / (1 + e⁻ˣ)`: for x below −89 the exponential is infinite and the result 0. `Sigmoid` itself takes a third of the time, but has an
 * error of 1.7e-7 everywhere: it is 0 from −18 down, and may be above 1 by as much.
 */
export const sigmoid: Rule<'sigmoid'> = ({ graph, operands, needsDigits }) => {
  const x = at(operands, 0).name;
  if (!needsDigits) return graph.node('Sigmoid', [x]);
  const power = graph.node('Exp', [graph.node('Neg', [x])]);
  return graph.node('Reciprocal', [graph.node('Add', [power, graph.scalar(1)])]);
};

/** `log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|)`, finite for every finite x; `Softplus` takes ten times as long. */
export function softplus(graph: GraphWriter, x: ValueName): ValueName {
  const power = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [x])])]);
  const rest = graph.node('Log', [graph.node('Add', [power, graph.scalar(1)])]);
  return graph.node('Add', [graph.node('Relu', [x]), rest]);
}

/**
 * `log(1 + x)`, which ONNX does not have. With `u = 1 + x` rounded, `log(u) − ((u − 1) − x)/u` corrects for what was rounded
 * away; where nothing was, `log(u)` is right as it stands, at −1 and ∞ too.
 */
export function log1p(graph: GraphWriter, x: ValueName): ValueName {
  const u = graph.node('Add', [x, graph.scalar(1)]);
  const kept = graph.node('Sub', [u, graph.scalar(1)]);
  const plainLog = graph.node('Log', [u]);
  const lost = graph.node('Div', [graph.node('Sub', [kept, x]), u]);
  return graph.node('Where', [graph.node('Equal', [kept, x]), plainLog, graph.node('Sub', [plainLog, lost])]);
}

/** `eˣ − 1 = tanh(x/2) (eˣ + 1)`, which keeps the digits of a small x; ONNX does not have the function itself. */
export function expm1(graph: GraphWriter, x: ValueName): ValueName {
  const half = graph.node('Tanh', [graph.node('Mul', [x, graph.scalar(0.5)])]);
  return graph.node('Mul', [half, graph.node('Add', [graph.node('Exp', [x]), graph.scalar(1)])]);
}

/** `condition ≠ 0 ? a : b`. */
export const select: Rule<'select'> = ({ graph, operands }) => {
  const [condition, a, b] = [at(operands, 0), at(operands, 1), at(operands, 2)];
  return graph.node('Where', [graph.isNotZero(condition.name), a.name, b.name]);
};
