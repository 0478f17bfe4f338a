/** `data x = bars(n = 4)`, `data x = "train.gz,binarize=threshold"`: where data come from. */
import type { CallExpression, Expression, TrainEntry } from '@sbn/dsl';
import type { SourceSpec } from '@sbn/program';
import { report, type Context } from './context.js';
import { checkOption } from './estimator.js';
import { didYouMean } from './suggestions.js';

export function checkData(ctx: Context, { key, dataName, value }: TrainEntry): SourceSpec | undefined {
  if (dataName === undefined) {
    report(ctx, 'SBN3051', { name: undefined }, { span: key.span, hint: 'name the data: `data x = bars(n = 4)`' });
  } else if (ctx.scope.lookup(dataName.name)?.kind !== 'data') {
    const names = [...ctx.scope.names()].filter((name) => ctx.scope.lookup(name)?.kind === 'data');
    report(ctx, 'SBN3051', { name: dataName.name }, { span: dataName.span, hint: didYouMean(dataName.name, names) });
  }
  switch (value.kind) {
    case 'string':
      return parseSourceText(ctx, value.value, value);
    case 'name':
      return { name: value.name, options: {} };
    case 'call':
      return checkGenerator(ctx, value);
    default:
      report(
        ctx,
        'SBN3052',
        { what: 'a source of data', wanted: 'a generator or a path: `bars(n = 4)`, `"train.gz,binarize"`' },
        { span: value.span },
      );
      return undefined;
  }
}

function checkGenerator(ctx: Context, { callee, positional, named }: CallExpression): SourceSpec {
  const options = new Map<string, string>();
  // A flag stands alone: `glyphs(labels, rows = 100)`.
  for (const argument of positional) {
    if (argument.kind === 'name') options.set(argument.name, 'true');
    else report(ctx, 'SBN3042', { name: callee.name }, { span: argument.span });
  }
  for (const { name, value } of named) {
    const first = named.find((other) => other.name.name === name.name);
    if (first !== undefined && options.has(name.name)) {
      report(
        ctx,
        'SBN2062',
        { name: name.name },
        { span: name.span, related: [{ span: first.span, text: 'first given here' }] },
      );
    }
    const option = checkOption(ctx, value);
    if (option !== undefined) options.set(name.name, String(option));
  }
  return { name: callee.name, options: Object.fromEntries(options) };
}

/** `path,option=value,flag`, as on the command line; `\,` is a comma of the path. */
function parseSourceText(ctx: Context, text: string, { span }: Expression): SourceSpec | undefined {
  const [name = '', ...parts] = text.split(/(?<!\\),/).map((part) => part.replaceAll('\\,', ',').trim());
  if (name === '') {
    report(
      ctx,
      'SBN3052',
      { what: 'a source of data', wanted: 'a path, with options after it: `"train.gz,rows=1000"`' },
      { span },
    );
    return undefined;
  }
  const options = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const option = equals < 0 ? part : part.slice(0, equals).trim();
    if (options.has(option)) report(ctx, 'SBN2062', { name: option }, { span });
    options.set(option, equals < 0 ? 'true' : part.slice(equals + 1).trim());
  }
  return { name, options: Object.fromEntries(options) };
}
