/** Calls: of the file's own functions, of layers and of the language's functions. */
import { MOST_DIAGNOSTICS, type CallExpression } from '@sbn/dsl';
import { bindArguments, checkLooseArguments } from './arguments.js';
import { report, type Context } from './context.js';
import { FUNCTIONS, isFunctionName } from './functions/index.js';
import { inlineCall } from './inline.js';
import { isLayerName, LAYERS, type LayerName } from './layers.js';
import { ABSENT_FUNCTIONS, DISTRIBUTION_NAMES, findAbsent, FUNCTION_NAMES, LAYER_NAMES } from './library-names.js';
import { describeEntry } from './scope.js';
import { didYouMean, nearestNames } from './suggestions.js';
import type { Checked } from './typed.js';

export function checkCall(ctx: Context, call: CallExpression): Checked {
  const { name } = call.callee;
  const entry = ctx.scope.lookup(name);
  // A file may have a function in the place of a layer; the language's other names are reserved.
  if (entry?.kind === 'fn') return inlineCall(ctx, call, entry);
  if (isLayerName(name)) return checkLayer(ctx, call, name);
  if (isFunctionName(name)) {
    const { signature, parameters, check } = FUNCTIONS[name];
    const args = bindArguments(ctx, call, { name, signature, parameters });
    return args && check({ ctx, name, args, span: call.span });
  }
  checkLooseArguments(ctx, call);
  reportNotCallable(ctx, call);
  return undefined;
}

function checkLayer(ctx: Context, call: CallExpression, name: LayerName): Checked {
  const { signature, parameters, check } = LAYERS[name];
  const args = bindArguments(ctx, call, { name, signature, parameters });
  if (ctx.place === undefined) {
    report(ctx, 'SBN2069', { name }, { span: call.span });
    return undefined;
  }
  // The name is taken even when the arguments have a mistake, so that others are named as they will be.
  const place = ctx.place.child(name);
  return args && check({ ctx, place, args, span: call.span });
}

function reportNotCallable(ctx: Context, { callee: { name, span } }: CallExpression): void {
  const entry = ctx.scope.lookup(name);
  if (entry !== undefined) {
    const related = [{ span: entry.span, text: `\`${name}\` is ${describeEntry(entry)}` }];
    const hint = entry.kind === 'family' || entry.kind === 'site' ? `an index is written \`${name}[…]\`` : undefined;
    report(ctx, 'SBN2011', { name, what: describeEntry(entry) }, { span, related, hint });
    return;
  }
  if (DISTRIBUTION_NAMES.includes(name)) {
    report(ctx, 'SBN2014', { name }, { span, hint: `draw from it in a statement of its own: \`z ~ ${name}(…)\`` });
    return;
  }
  const absent = findAbsent(ABSENT_FUNCTIONS, name);
  const hint = absent === undefined ? suggestCallable(ctx, name) : `write ${absent.instead}`;
  report(ctx, 'SBN2002', { name }, { span, hint, notes: absent?.why === undefined ? [] : [absent.why] });
}

/** Nothing where more is wrong than is shown. */
function suggestCallable({ scope, session }: Context, name: string): string | undefined {
  if (session.diagnostics.length >= MOST_DIAGNOSTICS) return undefined;
  const own = nearestNames(scope).filter((known) => scope.lookup(known)?.kind === 'fn');
  return didYouMean(name, [...own, ...LAYER_NAMES, ...FUNCTION_NAMES]);
}
