/** The right of a `~`: a distribution with its parameters. */
import type { CallExpression, Span } from '@sbn/dsl';
import type { ElementKind } from '@sbn/program';
import {
  DISTRIBUTIONS,
  isDistributionName,
  type DistributionName,
  type Parameterization,
} from '../distributions/index.js';
import type { TypedExpression } from '../typed-model.js';
import { bindArguments, checkLooseArguments } from './arguments.js';
import { broadcastAll } from './broadcast.js';
import { report, type Context } from './context.js';
import { checkDomain } from './domains.js';
import { expectAxes } from './functions/reductions.js';
import { ABSENT_DISTRIBUTIONS, DISTRIBUTION_NAMES, findAbsent, isLibraryName } from './library-names.js';
import { expectInteger } from './numbers.js';
import { didYouMean, listNames } from './suggestions.js';

/** A distribution with its parameters, and the value that it gives: the parameters' common shape. */
export interface DrawnFrom {
  readonly name: DistributionName;
  readonly parameters: Readonly<Record<string, TypedExpression>>;
  readonly element: ElementKind;
  /** The largest value, for counts that end. */
  readonly largest: number | undefined;
  readonly shape: readonly number[];
  readonly span: Span;
  readonly nameSpan: Span;
}

export function checkDistribution(ctx: Context, call: CallExpression): DrawnFrom | undefined {
  const { name, span } = call.callee;
  if (!isDistributionName(name)) {
    checkLooseArguments(ctx, call);
    reportNoDistribution(ctx, call);
    return undefined;
  }
  const { eventAxes, support, largest: bound } = DISTRIBUTIONS[name];
  const chosen = chooseParameterization(ctx, call, name);
  const args =
    chosen &&
    bindArguments(ctx, call, {
      name,
      signature: formatDistribution(name, chosen),
      parameters: chosen.names.map(asParameter),
    });
  if (chosen === undefined || args === undefined) return undefined;
  const parameters = Object.fromEntries(chosen.names.map((parameter) => [parameter, args.get(parameter)]));
  const domains = chosen.names.map((parameter) => checkDomain(ctx, name, parameter, args.get(parameter)));
  const largest =
    bound === undefined ? undefined : expectInteger(ctx, args.get(bound), { what: `\`${bound}\``, least: 1 });
  const shape = broadcastAll(ctx, `\`${name}\``, Object.values(parameters));
  if (shape === undefined || !domains.every(Boolean)) return undefined;
  if (bound !== undefined && largest === undefined) return undefined;
  const first = Object.values(parameters)[0];
  if (eventAxes > 0 && shape.length === 0 && first !== undefined) {
    expectAxes(ctx, first, `\`${name}\``);
    return undefined;
  }
  return { name, parameters, element: support(shape), largest, shape, span: call.span, nameSpan: span };
}

const asParameter = (name: string): { readonly name: string } => ({ name });

/** `bernoulli(logits = …)` */
function formatDistribution(name: string, { names }: Parameterization): string {
  return `${name}(${names.map((parameter) => `${parameter} = …`).join(', ')})`;
}

/**
 * The first parameterisation that has the named arguments, and in the first places what positional ones mean: the names of the
 * first. Arguments of two at once are a mistake.
 */
function chooseParameterization(
  ctx: Context,
  call: CallExpression,
  name: DistributionName,
): Parameterization | undefined {
  const { parameterizations } = DISTRIBUTIONS[name];
  const known = parameterizations.flatMap(({ names }) => names);
  const unknown = call.named.filter((argument) => !known.includes(argument.name.name));
  for (const {
    name: { name: written, span },
  } of unknown) {
    const hint = didYouMean(written, known) ?? `write ${listForms(name)}`;
    report(ctx, 'SBN2004', { callee: name, name: written }, { span, hint });
  }
  const named = call.named.filter((argument) => known.includes(argument.name.name));
  const meant = parameterizations[0]?.names.slice(0, call.positional.length) ?? [];
  const fitting = parameterizations.find(
    ({ names }) =>
      named.every((argument) => names.includes(argument.name.name)) &&
      meant.every((parameter, place) => names[place] === parameter),
  );
  if (fitting === undefined) {
    const other = named.at(-1);
    report(ctx, 'SBN3034', { name }, { span: other?.span ?? call.span, hint: `write ${listForms(name)}` });
  } else if (call.positional.length + call.named.length === 0) {
    report(ctx, 'SBN3033', { name }, { span: call.span, hint: `write ${listForms(name)}` });
  } else if (unknown.length === 0) return fitting;
  checkLooseArguments(ctx, call);
  return undefined;
}

function listForms(name: DistributionName): string {
  return DISTRIBUTIONS[name].parameterizations.map((form) => `\`${formatDistribution(name, form)}\``).join(' or ');
}

export function latentDistributions(): readonly string[] {
  return DISTRIBUTION_NAMES.filter((name) => isDistributionName(name) && DISTRIBUTIONS[name].latent);
}

function reportNoDistribution(ctx: Context, { callee: { name, span } }: CallExpression): void {
  if (isLibraryName(name) || ctx.scope.lookup(name)?.kind === 'fn') {
    const hint = `name what is drawn: \`~ bernoulli(logits = ${name}(…))\``;
    report(ctx, 'SBN2015', { name }, { span, hint });
    return;
  }
  const absent = findAbsent(ABSENT_DISTRIBUTIONS, name);
  const notes = [`the distributions are ${listNames(DISTRIBUTION_NAMES)}`];
  const hint = absent === undefined ? didYouMean(name, DISTRIBUTION_NAMES) : `write ${absent.instead}`;
  report(ctx, 'SBN2003', { name }, { span, hint, notes });
}
