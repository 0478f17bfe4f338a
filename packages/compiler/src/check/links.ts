/**
 * Warnings about parameters of distributions that training may move out of their domain, as no function keeps them in it,
 * and about guides that look at no data.
 */
import type { TypedExpression, TypedSite, TypedStatement } from '../typed-model.js';
import { DISTRIBUTIONS } from '../distributions/index.js';
import type { Block } from './block.js';
import { report, sourceAt, type Context } from './context.js';
import { domainOf } from './domains.js';
import { createRangeOf, type RangeOf } from './value-range.js';

/** Requires a model without errors. */
export function warnLinks(ctx: Context, statements: readonly TypedStatement[]): void {
  const rangeOf = createRangeOf(statements);
  const hasParameter = createHasParameter(statements);
  for (const statement of statements) {
    if (statement.kind !== 'site') continue;
    for (const [parameter, value] of Object.entries(statement.parameters)) {
      const refusesNegative = domainOf(statement.distribution, parameter)?.holds(-1) === false;
      if (refusesNegative && hasParameter(value) && isUnbounded(rangeOf, value)) {
        reportUnlinked(ctx, statement, parameter, value);
      }
    }
  }
}

/** Whether nothing keeps a value from falling far below 0. A quotient or a difference may, unseen. */
function isUnbounded(rangeOf: RangeOf, value: TypedExpression): boolean {
  return rangeOf(value)?.low === -Infinity;
}

function reportUnlinked(ctx: Context, site: TypedSite, parameter: string, value: TypedExpression): void {
  const { distribution, id } = site;
  const text = sourceAt(ctx, value.span) ?? '…';
  const forms = DISTRIBUTIONS[distribution].parameterizations.flatMap(({ names }) => names);
  const own = { probs: 'logits', rate: 'log_rate' }[parameter];
  if (parameter === 'probs') {
    const link = DISTRIBUTIONS[distribution].eventAxes === 1 ? 'softmax' : 'sigmoid';
    const hint = forms.includes('logits') ? `write \`logits = ${text}\`` : `write \`probs = ${link}(${text})\``;
    report(ctx, 'SBN5006', { id }, { span: value.span, hint });
    return;
  }
  const other = own !== undefined && forms.includes(own) ? `, or \`${own} = ${text}\`` : '';
  const hint = `write \`softplus(${text})\` or \`exp(${text})\`${other}`;
  report(ctx, 'SBN5007', { parameter, id }, { span: value.span, hint });
}

/** Whether a value depends on what is trained. */
function createHasParameter(statements: readonly TypedStatement[]): (value: TypedExpression) => boolean {
  const bindings = new Map<string, boolean>();
  const hasParameter = (value: TypedExpression): boolean => {
    if (value.kind === 'binding') return bindings.get(value.id) === true;
    return value.kind === 'parameter' || (value.kind === 'apply' && value.args.some(hasParameter));
  };
  for (const statement of statements) {
    if (statement.kind === 'binding') bindings.set(statement.id, hasParameter(statement.value));
  }
  return hasParameter;
}

/** A guide that gives every row the same distribution. Requires a model without errors. */
export function warnBlindGuide(ctx: Context, model: readonly TypedStatement[], guide: Block): void {
  const observed = model.find((statement) => statement.kind === 'site' && statement.role === 'observed');
  const isSighted = guide.statements.some((statement) =>
    statement.kind === 'binding' ? looksAtData(statement.value) : Object.values(statement.parameters).some(looksAtData),
  );
  if (observed === undefined || isSighted || !guide.statements.some(({ kind }) => kind === 'site')) return;
  const related = [{ span: observed.span, text: `\`${observed.id}\` is observed here` }];
  const hint = `draw from the data, as in \`dense(${observed.id}, …)\``;
  report(ctx, 'SBN5008', {}, { span: guide.keyword, related, hint });
}

function looksAtData(value: TypedExpression): boolean {
  return value.kind === 'data' || (value.kind === 'apply' && value.args.some(looksAtData));
}
