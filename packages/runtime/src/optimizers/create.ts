/** Optimisers by name. */
import { SettingsError } from '../errors.js';
import { suggestNames } from '../suggest.js';
import { ADAM_DEFAULTS, createAdam } from './adam.js';
import { COMMON_DEFAULTS, type CommonOptions } from './step-options.js';
import type { Optimizer, OptimizerChoice } from './optimizer.js';
import { createRmsprop, RMSPROP_DEFAULTS } from './rmsprop.js';
import { createSgd, SGD_DEFAULTS } from './sgd.js';

/** What an option may be. */
type Range = 'not negative' | 'positive' | 'from 0 to below 1' | 'from 0 to 1' | 'a whole number from 0';

interface OptimizerKind {
  readonly ranges: Readonly<Record<string, Range>>;
  /** Of the common options, those that differ from the defaults of all optimisers. */
  readonly common?: Partial<CommonOptions>;
  readonly create: (options: Readonly<Record<string, number>>, common: CommonOptions) => Optimizer;
}

const COMMON_RANGES: Readonly<Record<keyof CommonOptions, Range>> = {
  warmup: 'a whole number from 0',
  cosine: 'a whole number from 0',
  final: 'from 0 to 1',
  every: 'a whole number from 0',
  factor: 'positive',
  clip: 'not negative',
  decay: 'not negative',
};

const ADAM_RANGES = {
  lr: 'not negative',
  beta1: 'from 0 to below 1',
  beta2: 'from 0 to below 1',
  eps: 'positive',
} as const;

const KINDS: Readonly<Record<string, OptimizerKind>> = {
  adam: { ranges: ADAM_RANGES, create: (options, common) => createAdam({ ...ADAM_DEFAULTS, ...options }, common) },
  adamw: {
    ranges: ADAM_RANGES,
    common: { decay: 0.01 },
    create: (options, common) => createAdam({ ...ADAM_DEFAULTS, ...options }, common, 'adamw'),
  },
  rmsprop: {
    ranges: { lr: 'not negative', rho: 'from 0 to below 1', eps: 'positive' },
    create: (options, common) => createRmsprop({ ...RMSPROP_DEFAULTS, ...options }, common),
  },
  sgd: {
    ranges: { lr: 'not negative', momentum: 'from 0 to below 1' },
    create: (options, common) => createSgd({ ...SGD_DEFAULTS, ...options }, common),
  },
};

/** The names that `createOptimizer` knows. */
export const OPTIMIZER_NAMES: readonly string[] = Object.keys(KINDS);

/** @throws SettingsError on an unknown name or option (with the known ones), or a value out of range. */
export function createOptimizer({ name, options = {} }: OptimizerChoice): Optimizer {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) {
    throw new SettingsError(
      'optimizer',
      `there is no optimizer ${name}`,
      suggestNames(name, OPTIMIZER_NAMES, 'optimizers'),
    );
  }
  const ranges: Readonly<Record<string, Range>> = { ...kind.ranges, ...COMMON_RANGES };
  for (const [key, value] of Object.entries(options)) {
    const range = Object.hasOwn(ranges, key) ? ranges[key] : undefined;
    if (range === undefined) {
      const hint = suggestNames(key, Object.keys(ranges), `options of ${name}`);
      throw new SettingsError('optimizer', `${name} has no option ${key}`, hint);
    }
    if (!isWithin(value, range))
      throw new SettingsError(key, `${String(value)} cannot be used`, `give a number that is ${range}`);
  }
  const given = { ...kind.common, ...options };
  const isCommon = ([key]: readonly [string, number]): boolean => Object.hasOwn(COMMON_RANGES, key);
  const common = Object.fromEntries(Object.entries(given).filter(isCommon));
  const own = Object.fromEntries(Object.entries(options).filter((entry) => !isCommon(entry)));
  const optimizer = kind.create(own, { ...COMMON_DEFAULTS, ...common });
  return { ...optimizer, options: { ...optimizer.options, ...common } };
}

function isWithin(value: number, range: Range): boolean {
  if (!Number.isFinite(value)) return false;
  switch (range) {
    case 'not negative':
      return value >= 0;
    case 'positive':
      return value > 0;
    case 'from 0 to below 1':
      return value >= 0 && value < 1;
    case 'from 0 to 1':
      return value >= 0 && value <= 1;
    case 'a whole number from 0':
      return Number.isSafeInteger(value) && value >= 0;
  }
}
