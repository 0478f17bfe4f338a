/** What `via` and `estimator` ask for. Which estimators there are is for the gradient plan to say. */
import type { CallExpression, Expression, NameExpression, Span } from '@sbn/dsl';
import type { EstimatorRequest } from '../typed-model.js';
import { checkNumber } from './compile-time.js';
import { report, type Context } from './context.js';

export function checkEstimator(ctx: Context, written: CallExpression | NameExpression): EstimatorRequest {
  if (written.kind === 'name') return { name: written.name, options: new Map(), span: written.span };
  const { callee, positional, named, span } = written;
  for (const argument of positional) {
    report(ctx, 'SBN3042', { name: callee.name }, { span: argument.span });
  }
  const options = new Map<string, { readonly value: number | string; readonly span: Span }>();
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
  return { name: callee.name, options, span };
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
