/** Every function of the language, by name. Adding one means adding a row here. */
import { eye, filled, one_hot, tril } from './constants.js';
import type { FunctionDefinition } from './definition.js';
import { clip, detach, elementwise, gammaFunction, logaddexp, where } from './elementwise.js';
import { concat, flatten, reshape, transpose } from './layout.js';
import { pooling } from './pooling.js';
import { cumsum, extremum, normalization, reduction, spread } from './reductions.js';
import { stack } from './stack.js';

export type FunctionName =
  | 'exp'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'square'
  | 'abs'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'softplus'
  | 'softmax'
  | 'log_softmax'
  | 'sum'
  | 'mean'
  | 'logsumexp'
  | 'max'
  | 'min'
  | 'reshape'
  | 'flatten'
  | 'transpose'
  | 'concat'
  | 'detach'
  | 'expm1'
  | 'sin'
  | 'cos'
  | 'lgamma'
  | 'digamma'
  | 'logaddexp'
  | 'clip'
  | 'where'
  | 'prod'
  | 'var'
  | 'std'
  | 'cumsum'
  | 'stack'
  | 'one_hot'
  | 'zeros'
  | 'ones'
  | 'eye'
  | 'tril'
  | 'max_pool2d'
  | 'mean_pool2d';

export const FUNCTIONS: Readonly<Record<FunctionName, FunctionDefinition>> = {
  exp: elementwise('exp'),
  log: elementwise('log'),
  log1p: elementwise('log1p'),
  sqrt: elementwise('sqrt'),
  square: elementwise('square'),
  abs: elementwise('abs'),
  sigmoid: elementwise('sigmoid'),
  tanh: elementwise('tanh'),
  relu: elementwise('relu'),
  softplus: elementwise('softplus'),
  softmax: normalization('softmax'),
  log_softmax: normalization('log_softmax'),
  sum: reduction('sum'),
  mean: reduction('mean'),
  logsumexp: reduction('logsumexp'),
  max: extremum('max'),
  min: extremum('min'),
  reshape,
  flatten,
  transpose,
  concat,
  detach,
  expm1: elementwise('expm1'),
  sin: elementwise('sin'),
  cos: elementwise('cos'),
  lgamma: gammaFunction('lgamma'),
  digamma: gammaFunction('digamma'),
  logaddexp,
  clip,
  where,
  prod: reduction('prod'),
  var: spread('var'),
  std: spread('std'),
  cumsum,
  stack,
  one_hot,
  zeros: filled('zeros', 0),
  ones: filled('ones', 1),
  eye,
  tril,
  max_pool2d: pooling('max_pool2d'),
  mean_pool2d: pooling('mean_pool2d'),
};

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
