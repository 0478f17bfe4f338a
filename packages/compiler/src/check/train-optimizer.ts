/** `optimizer = adam(lr = 1e-3)`: optimisers with their options and bounds. */
import type { CallExpression, Expression } from '@sbn/dsl';
import type { TrainDefaults } from '@sbn/program';
import { checkNumber } from './compile-time.js';
import { report, type Context } from './context.js';
import { didYouMean, listNames } from './suggestions.js';

/** Options of each optimiser, with their bounds in words and as a test. */
interface Bound {
  readonly text: string;
  readonly holds: (value: number) => boolean;
}
const POSITIVE: Bound = { text: 'greater than 0', holds: (value) => value > 0 };
const SHARE: Bound = { text: 'from 0 to 1', holds: (value) => value >= 0 && value <= 1 };
const AMOUNT: Bound = { text: 'at least 0', holds: (value) => value >= 0 };
const COUNT: Bound = { text: 'a whole number from 0', holds: (value) => Number.isSafeInteger(value) && value >= 0 };
const DECAY: Bound = { text: 'at least 0 and less than 1', holds: (value) => value >= 0 && value < 1 };

/** What people call the options elsewhere. */
const OTHER_NAMES: Readonly<Record<string, string>> = { learning_rate: 'lr', learningRate: 'lr', epsilon: 'eps' };

/** The learning rate over the steps, the largest gradient, and weights that decay. */
const COMMON = {
  warmup: COUNT,
  cosine: COUNT,
  final: SHARE,
  every: COUNT,
  factor: POSITIVE,
  clip: AMOUNT,
  decay: AMOUNT,
};

const ADAM = { lr: POSITIVE, beta1: DECAY, beta2: DECAY, eps: POSITIVE, ...COMMON };

const OPTIMIZERS: Readonly<Record<string, Readonly<Record<string, Bound>>>> = {
  adam: ADAM,
  adamw: ADAM,
  rmsprop: { lr: POSITIVE, rho: DECAY, eps: POSITIVE, ...COMMON },
  sgd: { lr: POSITIVE, momentum: DECAY, ...COMMON },
};

export function checkOptimizer(ctx: Context, value: Expression): TrainDefaults['optimizer'] {
  const name = value.kind === 'name' ? value.name : value.kind === 'call' ? value.callee.name : undefined;
  if (name === undefined) {
    report(
      ctx,
      'SBN3052',
      { what: '`optimizer`', wanted: 'one with its options: `adam(lr = 1e-3)`' },
      { span: value.span },
    );
    return undefined;
  }
  const known = Object.hasOwn(OPTIMIZERS, name) ? OPTIMIZERS[name] : undefined;
  if (known === undefined) {
    const names = Object.keys(OPTIMIZERS);
    const span = value.kind === 'call' ? value.callee.span : value.span;
    report(
      ctx,
      'SBN3053',
      { name },
      { span, hint: didYouMean(name, names), notes: [`the optimisers are ${listNames(names)}`] },
    );
    return undefined;
  }
  return { name, options: value.kind === 'call' ? checkOptimizerOptions(ctx, value, known) : {} };
}

function checkOptimizerOptions(
  ctx: Context,
  { callee, positional, named }: CallExpression,
  known: Readonly<Record<string, Bound>>,
): Readonly<Record<string, number>> {
  const options = new Map<string, number>();
  for (const argument of positional)
    report(ctx, 'SBN3042', { name: callee.name }, { span: argument.span, hint: `write \`${callee.name}(lr = …)\`` });
  for (const { name, value } of named) {
    const number = checkNumber(ctx, value, 'an option');
    const bound = Object.hasOwn(known, name.name) ? known[name.name] : undefined;
    if (bound === undefined) {
      const names = Object.keys(known);
      const notes = [`the options are ${listNames(names)}`];
      report(
        ctx,
        'SBN2004',
        { callee: callee.name, name: name.name },
        { span: name.span, hint: suggestOption(name.name, names), notes },
      );
    } else if (options.has(name.name)) report(ctx, 'SBN2062', { name: name.name }, { span: name.span });
    else if (number !== undefined && !bound.holds(number)) {
      report(ctx, 'SBN3052', { what: `\`${name.name}\``, wanted: bound.text }, { span: value.span });
    } else if (number !== undefined) options.set(name.name, number);
  }
  return Object.fromEntries(options);
}

function suggestOption(name: string, known: readonly string[]): string | undefined {
  const other = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  return other !== undefined && known.includes(other) ? `did you mean \`${other}\`?` : didYouMean(name, known);
}
