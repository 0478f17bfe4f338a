/** The `train` block: the defaults of a run. */
import { assertNever, type SourceSpec, type TrainDefaults } from '@sbn/program';
import type { Expression, TrainDeclaration, TrainEntry } from '@sbn/dsl';
import { checkInteger } from './compile-time.js';
import { report, type Context } from './context.js';
import { didYouMean, listNames } from './suggestions.js';
import { checkData } from './train-data.js';
import { checkOptimizer } from './train-optimizer.js';

export const NO_DEFAULTS: TrainDefaults = {
  data: {},
  optimizer: undefined,
  batch: undefined,
  epochs: undefined,
  steps: undefined,
  seed: undefined,
};

/** What people call the settings elsewhere. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  batch_size: 'batch = …',
  batchsize: 'batch = …',
  lr: 'optimizer = adam(lr = …)',
  learning_rate: 'optimizer = adam(lr = …)',
  iterations: 'steps = …',
};

const KEYS = ['data', 'optimizer', 'batch', 'epochs', 'steps', 'seed'] as const;
type Key = (typeof KEYS)[number];

function isKey(name: string): name is Key {
  return KEYS.some((key) => key === name);
}

/** Requires the constants to be evaluated; what has a mistake is left out. */
export function checkTrain(ctx: Context, { entries }: TrainDeclaration): TrainDefaults {
  const seen = new Map<string, TrainEntry>();
  const sources = new Map<string, SourceSpec>();
  let defaults = NO_DEFAULTS;
  for (const entry of entries) {
    const { key, dataName, value } = entry;
    if (!isKey(key.name)) {
      const notes = [`the settings are ${listNames(KEYS)}`];
      const other = Object.hasOwn(OTHER_NAMES, key.name) ? OTHER_NAMES[key.name] : undefined;
      const hint = other === undefined ? didYouMean(key.name, KEYS) : `write \`${other}\``;
      report(ctx, 'SBN3050', { name: key.name }, { span: key.span, hint, notes });
      continue;
    }
    const id = dataName === undefined ? key.name : `${key.name} ${dataName.name}`;
    const first = seen.get(id);
    if (first !== undefined) {
      const related = [{ span: first.span, text: 'first given here' }];
      report(ctx, 'SBN2062', { name: id }, { span: entry.span, related });
      continue;
    }
    seen.set(id, entry);
    switch (key.name) {
      case 'data': {
        const source = checkData(ctx, entry);
        if (source !== undefined && dataName !== undefined) sources.set(dataName.name, source);
        break;
      }
      case 'optimizer':
        defaults = { ...defaults, optimizer: checkOptimizer(ctx, value) };
        break;
      case 'batch':
      case 'epochs':
      case 'steps':
        defaults = { ...defaults, [key.name]: checkInteger(ctx, value, { what: `\`${key.name}\``, least: 1 }) };
        break;
      case 'seed':
        defaults = { ...defaults, seed: checkSeed(ctx, value) };
        break;
      default:
        assertNever(key.name);
    }
  }
  return { ...defaults, data: Object.fromEntries(sources) };
}

/** Seeds are unsigned 32-bit numbers. */
function checkSeed(ctx: Context, value: Expression): number | undefined {
  const seed = checkInteger(ctx, value, { what: '`seed`', least: 0 });
  if (seed === undefined || seed < 2 ** 32) return seed;
  report(ctx, 'SBN3052', { what: '`seed`', wanted: 'less than 2^32' }, { span: value.span });
  return undefined;
}
