/**
 * What an expression of a typed model means, for one element of every plate around it: by indices alone, with none of the axes
 * that programs have in front. What the compiler lays out for all rows and elements at once is held against it.
 */
import type { Operation, Plate, TypedExpression } from '@sbn/compiler';
import { logGamma, stirlingRemainder } from '@sbn/program';
import { elementsAlong, logSumExp, read, sum, tabulate, type Tensor } from './tensor.js';

/** Where an expression is evaluated. */
export interface Place {
  /** Data of one row, parameters, and sites as a whole. */
  readonly data: ReadonlyMap<string, Tensor>;
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly sites: ReadonlyMap<string, Tensor>;
  /** What a `let` stands for is evaluated where it is used: in the same element. */
  readonly bindings: ReadonlyMap<string, TypedExpression>;
  readonly elements: ReadonlyMap<Plate, number>;
}

export function evaluate(expression: TypedExpression, place: Place): Tensor {
  switch (expression.kind) {
    case 'number':
      return { shape: [], values: [expression.value] };
    case 'array':
      return { shape: expression.type.shape, values: expression.values };
    case 'data':
      return find(place.data, expression.name);
    case 'parameter':
      return find(place.parameters, expression.name);
    case 'site':
      return find(place.sites, expression.id);
    case 'binding':
      return evaluate(find(place.bindings, expression.id), place);
    case 'apply': {
      const args = expression.args.map((arg) => evaluate(arg, place));
      return operate(expression.operation, args, expression.type.shape, place);
    }
  }
}

export function find<T>(values: ReadonlyMap<string, T>, name: string): T {
  const found = values.get(name);
  if (found === undefined) throw new Error(`${name} has no value`);
  return found;
}

type UnaryName = Extract<Operation, { readonly kind: 'unary' }>['name'];
type BinaryName = Extract<Operation, { readonly kind: 'binary' }>['name'];
type ReductionName = Extract<Operation, { readonly kind: 'reduce' }>['name'];

const UNARY: Readonly<Record<UnaryName, (x: number) => number>> = {
  negate: (x) => -x,
  reciprocal: (x) => 1 / x,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sqrt: Math.sqrt,
  square: (x) => x ** 2,
  abs: Math.abs,
  sign: Math.sign,
  step: (x) => Number(x > 0),
  sin: Math.sin,
  cos: Math.cos,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  softplus: (x) => logSumExp([0, x]),
};

const BINARY: Readonly<Record<BinaryName, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  power: Math.pow,
  maximum: Math.max,
  minimum: Math.min,
  less: (x, y) => Number(x < y),
  less_equal: (x, y) => Number(x <= y),
  equal: (x, y) => Number(x === y),
};

const mean = (values: readonly number[]): number => sum(values) / values.length;
const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));

const REDUCTIONS: Readonly<Record<ReductionName, (values: readonly number[]) => number>> = {
  sum,
  mean,
  max: (values) => Math.max(...values),
  logsumexp: logSumExp,
  prod: (values) => values.reduce((a, b) => a * b, 1),
  var: variance,
  std: (values) => Math.sqrt(variance(values)),
};

/** Of the shape that the checker gave the result. */
function operate(operation: Operation, args: readonly Tensor[], shape: readonly number[], place: Place): Tensor {
  const [a, b, c] = args;
  if (a === undefined) throw new Error(`${operation.kind} of nothing`);
  const get = (tensor: Tensor | undefined, index: readonly number[]): number =>
    tensor === undefined ? NaN : read(tensor, index);
  switch (operation.kind) {
    case 'unary':
      return tabulate(shape, (index) => UNARY[operation.name](read(a, index)));
    case 'binary':
      return tabulate(shape, (index) => BINARY[operation.name](read(a, index), get(b, index)));
    case 'special':
      return tabulate(shape, (index) => special(operation.name, read(a, index), get(b, index)));
    case 'reduce':
      return tabulate(shape, (index) => REDUCTIONS[operation.name](elementsAlong(a, operation.axes, index)));
    case 'cumsum': {
      const { axis } = operation;
      return tabulate(shape, (index) =>
        sum(elementsAlong(a, [axis], index.toSpliced(axis, 1)).slice(0, (index[axis] ?? NaN) + 1)),
      );
    }
    case 'normalize':
      return tabulate(shape, (index) => normalize(operation.name, a, index));
    case 'patches': {
      const { kernel, stride, before } = operation;
      const [height = 0, width = 0, channels = 1] = a.shape;
      return tabulate(shape, ([down = NaN, across = NaN, entry = NaN]) => {
        const y = stride * down - before[0] + Math.floor(entry / (kernel * channels));
        const x = stride * across - before[1] + (Math.floor(entry / channels) % kernel);
        const isInside = y >= 0 && y < height && x >= 0 && x < width;
        return isInside ? read(a, [y, x, entry % channels]) : 0;
      });
    }
    case 'matmul':
      return multiply(a, b ?? a, shape);
    case 'reshape':
      return { shape, values: a.values };
    case 'transpose':
      return tabulate(shape, (index) =>
        read(
          a,
          a.shape.map((_, axis) => index[operation.permutation.indexOf(axis)] ?? NaN),
        ),
      );
    case 'concat':
      return tabulate(shape, (index) => readBehind(args, operation.axis, index));
    case 'slice': {
      const { begin, step, drop } = operation;
      return tabulate(shape, (index) => {
        const kept = [...index];
        return read(
          a,
          begin.map((start, axis) => start + (drop.includes(axis) ? 0 : (kept.shift() ?? NaN) * (step[axis] ?? NaN))),
        );
      });
    }
    case 'element': {
      const element = place.elements.get(operation.plate);
      if (element === undefined) throw new Error(`${operation.plate.variable} is in no plate`);
      return tabulate(shape, (index) => read(a, index.toSpliced(operation.axis, 0, element)));
    }
    case 'contract': {
      const lead = (b?.shape.length ?? 1) - 1;
      return tabulate(shape, (index) =>
        sum(
          Array.from(
            { length: a.shape[0] ?? 0 },
            (_, k) => get(b, [...index.slice(0, lead), k]) * read(a, [k, ...index.slice(lead)]),
          ),
        ),
      );
    }
    case 'mix':
    case 'select':
      // The conditions of these models are 0 or 1.
      return tabulate(shape, (index) => (read(a, index) === 0 ? get(c, index) : get(b, index)));
    case 'detach':
      return a;
  }
}

function special(name: Extract<Operation, { readonly kind: 'special' }>['name'], x: number, y: number): number {
  switch (name) {
    case 'lgamma':
      return logGamma(x);
    case 'digamma':
      return Math.log(x) - 0.5 / x + stirlingRemainder(x, 1);
    case 'logaddexp':
      return logSumExp([x, y]);
  }
}

function normalize(
  name: Extract<Operation, { readonly kind: 'normalize' }>['name'],
  x: Tensor,
  index: readonly number[],
): number {
  const along = elementsAlong(x, [x.shape.length - 1], index.slice(0, -1));
  const value = read(x, index);
  switch (name) {
    case 'softmax':
      return Math.exp(value - logSumExp(along));
    case 'log_softmax':
      return value - logSumExp(along);
    case 'standardize':
      return (value - mean(along)) / Math.sqrt(variance(along) + 1e-5);
  }
}

/** `[…, k] @ [k, …]` */
function multiply(a: Tensor, b: Tensor, shape: readonly number[]): Tensor {
  const row = a.shape.length - 1;
  return tabulate(shape, (index) => {
    const [left, right] = [index.slice(0, row), index.slice(row)];
    const inner = Array.from({ length: b.shape[0] ?? 0 }, (_, k) => read(a, [...left, k]) * read(b, [k, ...right]));
    return sum(inner);
  });
}

function readBehind(parts: readonly Tensor[], axis: number, index: readonly number[]): number {
  let at = index[axis] ?? NaN;
  for (const part of parts) {
    const size = part.shape[axis] ?? NaN;
    if (at < size) return read(part, index.with(axis, at));
    at -= size;
  }
  return NaN;
}
