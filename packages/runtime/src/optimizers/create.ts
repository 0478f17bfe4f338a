/** Optimisers by name. */
import { SettingsError } from '../errors.js';
import { suggestNames } from '../suggest.js';
import { ADAM_DEFAULTS, createAdam } from './adam.js';
import type { Optimizer, OptimizerChoice } from './optimizer.js';
import { createSgd, SGD_DEFAULTS } from './sgd.js';

/** What an option may be. */
type Range = 'not negative' | 'positive' | 'from 0 to below 1';

interface OptimizerKind {
  readonly ranges: Readonly<Record<string, Range>>;
  readonly create: (options: Readonly<Record<string, number>>) => Optimizer;
}

const KINDS: Readonly<Record<string, OptimizerKind>> = {
  adam: {
    ranges: { lr: 'not negative', beta1: 'from 0 to below 1', beta2: 'from 0 to below 1', eps: 'positive' },
    create: (options) => createAdam({ ...ADAM_DEFAULTS, ...options }),
  },
  sgd: {
    ranges: { lr: 'not negative', momentum: 'from 0 to below 1' },
    create: (options) => createSgd({ ...SGD_DEFAULTS, ...options }),
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
  for (const [key, value] of Object.entries(options)) {
    const range = Object.hasOwn(kind.ranges, key) ? kind.ranges[key] : undefined;
    if (range === undefined) {
      const hint = suggestNames(key, Object.keys(kind.ranges), `options of ${name}`);
      throw new SettingsError('optimizer', `${name} has no option ${key}`, hint);
    }
    if (!isWithin(value, range))
      throw new SettingsError(key, `${String(value)} cannot be used`, `give a number that is ${range}`);
  }
  return kind.create(options);
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
  }
}
