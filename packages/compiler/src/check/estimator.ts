/** What `via` and `estimator` ask for. Which estimators there are is for the gradient plan to say. */
import type { CallExpression, Expression, NameExpression } from '@sbn/dsl';
import type { EstimatorRequest, OptionValue } from '../typed-model.js';
import { checkNumber } from './compile-time.js';
import { report, type Context } from './context.js';

export function checkEstimator(ctx: Context, written: CallExpression | NameExpression): EstimatorRequest {
  if (written.kind === 'name') return { name: written.name, options: new Map(), positional: [], span: written.span };
  const { callee, positional, named, span } = written;
  const unnamed = positional.flatMap((argument): readonly OptionValue[] => {
    const value = checkOption(ctx, argument);
    return value === undefined ? [] : [{ value, span: argument.span }];
  });
  const options = new Map<string, OptionValue>();
  for (const { name, value, span: optionSpan } of named) {
    const first = options.get(name.name);
    if (first !== undefined) {
      const related = [{ span: first.span, text: 'first given here' }];
      report(ctx, 'SBN2062', { name: name.name }, { span: name.span, related });
      continue;
    }
    const checked = checkOption(ctx, value);
    if (checked !== undefined) options.set(name.name, { value: checked, span: optionSpan });
  }
  return { name: callee.name, options, positional: unnamed, span };
}

/** A compile-time number, or a name or text as written. */
export function checkOption(ctx: Context, value: Expression): number | string | undefined {
  if (value.kind === 'string') return value.value;
  if (value.kind === 'name') {
    const entry = ctx.scope.lookup(value.name);
    if (entry?.kind !== 'const' && entry?.kind !== 'local') return value.name;
  }
  return checkNumber(ctx, value, 'an option');
}
