/** What a name stands for where a value is wanted. */
import type { Label, NameExpression, Span, Statement } from '@sbn/dsl';
import type { ValueType } from '../typed-model.js';
import { DISTRIBUTION_NAMES, isLibraryName } from './library-names.js';
import { report, type Context } from './context.js';
import { elementNumber, expectClosed } from './plates.js';
import { countIndices, type Entry } from './scope.js';
import { didYouMeanVisible } from './suggestions.js';
import { numberValue, usedAt, type Checked } from './typed.js';

export function checkName(ctx: Context, expression: NameExpression): Checked {
  return expectClosed(ctx, checkWholeName(ctx, expression));
}

/** The same where an index follows, which may choose an element of a plate. */
export function checkWholeName(ctx: Context, { name, span }: NameExpression): Checked {
  const entry = ctx.scope.lookup(name);
  if (entry === undefined) {
    reportUnknownName(ctx, name, span);
    return undefined;
  }
  return valueOf(ctx, name, entry, span);
}

function valueOf(ctx: Context, name: string, entry: Entry, span: Span): Checked {
  switch (entry.kind) {
    case 'const':
      return constantValue(ctx, name, entry.span, span);
    case 'data': {
      const type = entry.type;
      // Once the model has generated it, it is a site's value like any other: in the prior it is drawn.
      const observed = ctx.place?.block.sites.has(name) ?? false;
      return type && (observed ? { kind: 'site', id: name, type, span } : { kind: 'data', name, type, span });
    }
    case 'param':
      return entry.type && { kind: 'parameter', name, type: entry.type, span };
    case 'site':
      return siteValue(entry.id, entry.type, span);
    case 'plate':
      return elementNumber(ctx, entry.plate, span);
    case 'local':
      return usedAt(entry.value, span);
    case 'family': {
      const related = [{ span: entry.span, text: `\`${name}\` has ${countIndices(entry.arity)} here` }];
      report(ctx, 'SBN3024', { name }, { span, related, hint: `say which: \`${name}[1]\`` });
      return undefined;
    }
    case 'fn':
      report(ctx, 'SBN2010', { name, what: 'a function' }, { span, hint: `call it: \`${name}(…)\`` });
      return undefined;
  }
}

export function siteValue(id: string, type: ValueType | undefined, span: Span): Checked {
  return type && { kind: 'site', id, type, span };
}

/** Constants are evaluated in the order of the file. */
function constantValue(ctx: Context, name: string, declared: Span, span: Span): Checked {
  const { constants } = ctx.session;
  if (constants.has(name)) {
    const value = constants.get(name);
    return value === undefined ? undefined : numberValue(value, span);
  }
  const related = [{ span: declared, text: `\`${name}\` gets its value here` }];
  report(ctx, 'SBN2009', { name }, { span, related });
  return undefined;
}

/** Says what is known of a name that means nothing here: defined later, elsewhere, or only nearly so written. */
function reportUnknownName(ctx: Context, name: string, span: Span): void {
  const { model, guide } = ctx.session.blocks;
  if (ctx.calls.length > 0 && (model?.planned.has(name) === true || guide?.planned.has(name) === true)) {
    report(ctx, 'SBN2001', { name }, { span, hint: `pass the site \`${name}\` to the function as an argument` });
    return;
  }
  const here = ctx.place?.block;
  const later = here?.planned.get(name);
  if (later !== undefined) {
    reportEarlyUse(ctx, name, span, { span: later, text: `\`${name}\` is sampled here` });
    return;
  }
  const other = here?.role === 'guide' ? model : guide;
  const elsewhere = other?.planned.get(name);
  if (here !== undefined && other !== undefined && elsewhere !== undefined) {
    const related = [{ span: elsewhere, text: `\`${name}\` is sampled in the ${other.role} here` }];
    const hint = here.role === 'guide' ? 'sample it in the guide before this line' : undefined;
    report(ctx, 'SBN3016', { name, here: ctx.block?.role ?? 'objective', there: other.role }, { span, related, hint });
    return;
  }
  if (isLibraryName(name)) {
    const what = DISTRIBUTION_NAMES.includes(name) ? 'a distribution' : 'a function';
    const hint =
      what === 'a function' ? `call it: \`${name}(…)\`` : `draw from it in a statement of its own: \`z ~ ${name}(…)\``;
    report(ctx, 'SBN2010', { name, what }, { span, hint });
    return;
  }
  const leftOut = ctx.session.leftOut.get(name);
  if (leftOut !== undefined) {
    const related = [{ span: leftOut.span, text: `\`${name}\` is ${leftOut.what} here` }];
    const hint =
      ctx.calls.length > 0 ? `let the function take \`${name}\` as an argument` : `declare \`${name}\` in this file`;
    report(ctx, 'SBN2018', { name, what: leftOut.what }, { span, related, hint });
    return;
  }
  const hint = standsAlone(name) ?? didYouMeanVisible(ctx, name, here?.planned.keys() ?? []);
  report(ctx, 'SBN2001', { name }, { span, related: [findLaterLet(ctx, name)], hint });
}

/** The `let` or `param` of this name further down in the same block or function. */
function findLaterLet(ctx: Context, name: string): Label | undefined {
  const body = ctx.calls.at(-1)?.declaration.body ?? ctx.block?.body ?? [];
  const found = body.find((statement) => isNaming(statement) && statement.name.name === name);
  return found !== undefined && isNaming(found)
    ? { span: found.name.span, text: `\`${name}\` is defined only here` }
    : undefined;
}

function isNaming(statement: Statement): statement is Extract<Statement, { readonly kind: 'let' | 'param' }> {
  return statement.kind === 'let' || statement.kind === 'param';
}

function standsAlone(name: string): string | undefined {
  if (name === 'iwae') return 'an objective of that name stands alone: `maximize iwae(5)`';
  return name === 'elbo' || name === 'likelihood'
    ? `an objective of that name stands alone: \`maximize ${name}\``
    : undefined;
}

/** A site is used in its own distribution or before it. */
function reportEarlyUse(ctx: Context, id: string, span: Span, sampled: Label): void {
  const itself = sampled.span.start < span.start;
  const hint = itself
    ? `a site that reads its own earlier elements, as in \`masked_dense(${id}, …)\`, says its type first: \`${id}: binary[…] ~ …\``
    : 'statements run in order: sample it before this line';
  report(ctx, 'SBN3022', { id }, { span, related: [sampled], hint });
}
