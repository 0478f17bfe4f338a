/** What a `param` starts as. */
import type { CallExpression, Expression, TypeExpression } from '@sbn/dsl';
import type { Initializer } from '@sbn/program';
import { bindArguments, checkLooseArguments, type BoundArguments } from './arguments.js';
import { report, type Context } from './context.js';
import { checkDeclaredType } from './declared-types.js';
import { checkExpression } from './expressions.js';
import { expectNumber } from './numbers.js';
import { didYouMean, nearestNames } from './suggestions.js';

interface RandomInitializer {
  readonly signature: string;
  readonly parameters: readonly [string, string];
  /** The initialiser of two numbers, or what is wrong with them. */
  readonly make: (first: number, second: number) => Initializer | string;
}

const RANDOM: Readonly<Record<string, RandomInitializer>> = {
  normal: {
    signature: 'normal(mean, sd)',
    parameters: ['mean', 'sd'],
    make: (mean, standardDeviation) =>
      standardDeviation < 0
        ? `a standard deviation of ${standardDeviation}`
        : { kind: 'normal', mean, standardDeviation },
  },
  uniform: {
    signature: 'uniform(low, high)',
    parameters: ['low', 'high'],
    make: (low, high) => (low > high ? `a range from ${low} down to ${high}` : { kind: 'uniform', low, high }),
  },
};

const FILLS: Readonly<Record<string, number>> = { zeros: 0, ones: 1 };

/** What a `param` is and starts as; either is undefined after a diagnostic. */
export interface CheckedParameter {
  readonly shape: readonly number[] | undefined;
  readonly initial: Initializer | undefined;
}

export function checkParameter(
  ctx: Context,
  type: TypeExpression,
  initializer: Expression | undefined,
): CheckedParameter {
  const initial = checkInitializer(ctx, initializer);
  const checked = checkDeclaredType(ctx, type);
  if (checked === undefined || checked.element.kind === 'real') return { shape: checked?.shape, initial };
  report(ctx, 'SBN2052', { kind: checked.element.kind }, { span: type.element.span });
  return { shape: undefined, initial };
}

/** Zeros where nothing is written; undefined after a diagnostic. */
function checkInitializer(ctx: Context, written: Expression | undefined): Initializer | undefined {
  if (written === undefined) return { kind: 'fill', value: 0 };
  if (written.kind === 'name' && ctx.scope.lookup(written.name) === undefined) {
    const { name, span } = written;
    const fill = Object.hasOwn(FILLS, name) ? FILLS[name] : undefined;
    if (fill !== undefined) return { kind: 'fill', value: fill };
    const hint = didYouMean(name, [...Object.keys(FILLS), ...Object.keys(RANDOM), ...nearestNames(ctx.scope)]);
    report(ctx, 'SBN2054', { problem: `\`${name}\` is no initialiser` }, { span, hint });
    return undefined;
  }
  if (written.kind === 'call' && ctx.scope.lookup(written.callee.name)?.kind !== 'fn') {
    const { name } = written.callee;
    const random = Object.hasOwn(RANDOM, name) ? RANDOM[name] : undefined;
    if (random !== undefined) return checkRandom(ctx, written, random);
  }
  const isLooseCall = written.kind === 'call' && written.callee.name in FILLS;
  if (isLooseCall) {
    checkLooseArguments(ctx, written);
    report(
      ctx,
      'SBN2054',
      { problem: 'the shape is the parameter’s own' },
      { span: written.span, hint: `write \`= ${written.callee.name}\`` },
    );
    return undefined;
  }
  const value = checkExpression(ctx, written);
  if (value?.kind === 'array') {
    const hint = 'add the array where the parameter is used';
    report(ctx, 'SBN2054', { problem: 'its elements start as one number, or at random' }, { span: value.span, hint });
    return undefined;
  }
  const number = expectNumber(ctx, value, 'the initial value of a parameter');
  return number === undefined ? undefined : { kind: 'fill', value: number };
}

function checkRandom(ctx: Context, call: CallExpression, random: RandomInitializer): Initializer | undefined {
  const { signature, parameters, make } = random;
  const args = bindArguments(ctx, call, {
    name: call.callee.name,
    signature,
    parameters: parameters.map((name) => ({ name })),
  });
  if (args === undefined) return undefined;
  const [first, second] = parameters.map((name) => expectArgument(ctx, args, name));
  if (first === undefined || second === undefined) return undefined;
  const made = make(first, second);
  if (typeof made !== 'string') return made;
  report(ctx, 'SBN2054', { problem: made }, { span: call.span });
  return undefined;
}

function expectArgument(ctx: Context, args: BoundArguments, name: string): number | undefined {
  return expectNumber(ctx, args.get(name), `\`${name}\` of an initialiser`);
}
