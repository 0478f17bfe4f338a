/** Every function of the language, by name. Adding one means adding a row here. */
import type { FunctionDefinition } from './definition.js';
import { detach, elementwise } from './elementwise.js';
import { concat, flatten, reshape, transpose } from './layout.js';
import { extremum, normalization, reduction } from './reductions.js';

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
  | 'detach';

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
};

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
