/** Names that the language itself gives: they are called, and cannot be values. */
import { DISTRIBUTIONS } from '../distributions/index.js';
import { FUNCTIONS, isFunctionName } from './functions/index.js';
import { isLayerName, LAYERS } from './layers.js';

export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS);
export const LAYER_NAMES: readonly string[] = Object.keys(LAYERS);
export const DISTRIBUTION_NAMES: readonly string[] = Object.keys(DISTRIBUTIONS);

export function isLibraryName(name: string): boolean {
  return isFunctionName(name) || isLayerName(name) || DISTRIBUTION_NAMES.includes(name);
}

/** Something that the language does not have under this name. */
export interface AbsentName {
  /** Whether it is part of the language, though not of this version. */
  readonly planned: boolean;
  /** What to write instead, where there is something. */
  readonly instead: string | undefined;
}

const planned = (instead: string | undefined): AbsentName => ({ planned: true, instead });
const elsewhere = (instead: string): AbsentName => ({ planned: false, instead });

export const ABSENT_FUNCTIONS: Readonly<Record<string, AbsentName>> = {
  prod: planned('`exp(sum(log(x)))` for positive values'),
  clip: planned('`min(max(x, low), high)`'),
  where: planned('`if condition then a else b`'),
  stack: planned('`concat(reshape(a, 1, n), reshape(b, 1, n), axis = 0)`'),
  cumsum: planned('`x @ triangle`, with a matrix of zeros and ones'),
  one_hot: planned('`onehot[K]` in the declaration of the data, or the array itself: `[0, 1, 0]`'),
  embedding: planned('`table[k]`, with `param table: real[K, n]` and a one-hot `k`'),
  layer_norm: planned('`(x - mean(x)) / sqrt(mean((x - mean(x))^2) + 1e-5)`'),
  conv2d: planned('`dense(flatten(x), n)`'),
  masked_dense: planned('`x @ (W * mask) + b`, with `param W` and a mask of zeros and ones'),
  clamp: elsewhere('`min(max(x, low), high)`'),
  linear: elsewhere('`dense(x, out)`'),
  fc: elsewhere('`dense(x, out)`'),
  ln: elsewhere('`log(x)`'),
  pow: elsewhere('`x ^ y`'),
  matmul: elsewhere('`a @ b`'),
  dot: elsewhere('`a @ b`'),
  maximum: elsewhere('`max(a, b)`'),
  minimum: elsewhere('`min(a, b)`'),
  logistic: elsewhere('`sigmoid(x)`'),
  cat: elsewhere('`concat(a, b)`'),
  stop_gradient: elsewhere('`detach(x)`'),
  std: elsewhere('`sqrt(mean((x - mean(x))^2))`'),
  var: elsewhere('`mean((x - mean(x))^2)`'),
};

export const ABSENT_DISTRIBUTIONS: Readonly<Record<string, AbsentName>> = {
  gaussian: elsewhere('`normal(loc, scale)`'),
  onehot: elsewhere('`categorical(logits = …)`'),
  log_normal: elsewhere('`lognormal(loc, scale)`'),
  neg_binomial: elsewhere('`negative_binomial(mean, concentration)`'),
  gamma_poisson: elsewhere('`negative_binomial(mean, concentration)`'),
  double_exponential: elsewhere('`laplace(loc, scale)`'),
};

export function findAbsent(table: Readonly<Record<string, AbsentName>>, name: string): AbsentName | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
