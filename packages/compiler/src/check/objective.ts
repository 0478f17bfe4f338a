/** The objective: a bound by name, or a cost as an expression over the model's sites. */
import type { ObjectiveDeclaration, Span } from '@sbn/dsl';
import type { TypedObjective } from '../typed-model.js';
import { Place, type Block } from './block.js';
import { checkInteger } from './compile-time.js';
import { moduleContext, report, sourceAt, type Context, type Session } from './context.js';
import { checkExpression } from './expressions.js';
import { isLibraryName } from './library-names.js';
import { checkSize } from './numbers.js';
import { didYouMean, nearestNames } from './suggestions.js';
import { countElements, formatType } from './value-types.js';

export type BoundName = Extract<TypedObjective, { readonly kind: 'bound' }>['name'];
const BOUNDS: readonly BoundName[] = ['elbo', 'likelihood', 'iwae'];

/** The bound that an objective names, whatever else may be wrong with it; undefined for a cost. */
export function boundOf({ value }: ObjectiveDeclaration): BoundName | undefined {
  const name = value.kind === 'name' ? value.name : value.kind === 'call' ? value.callee.name : undefined;
  return BOUNDS.find((bound) => bound === name);
}

export function checkObjective(session: Session, declaration: ObjectiveDeclaration): TypedObjective | undefined {
  const ctx = moduleContext(session);
  const bound = boundOf(declaration);
  if (bound !== undefined) return checkBound(ctx, declaration, bound);
  const { model } = session.blocks;
  if (reportUnknownObjective(ctx, declaration, model) || model === undefined) return undefined;
  return checkCost(session, declaration, model);
}

function checkBound(
  ctx: Context,
  { direction, value, span }: ObjectiveDeclaration,
  name: BoundName,
): TypedObjective | undefined {
  const written = name === 'iwae' ? 'iwae(5)' : name;
  const draws = checkDraws(ctx, value, name);
  if (draws === undefined) return undefined;
  if (direction === 'minimize') {
    report(ctx, 'SBN3007', { name }, { span, hint: `write \`maximize ${written}\`` });
    return undefined;
  }
  return { kind: 'bound', name, draws, span };
}

/** The number in `iwae(5)`; 1 for the bounds that take none. */
function checkDraws(ctx: Context, value: ObjectiveDeclaration['value'], name: BoundName): number | undefined {
  const args = value.kind === 'call' ? [...value.positional, ...value.named.map((argument) => argument.value)] : [];
  const [only] = args;
  if (name !== 'iwae') {
    if (value.kind !== 'call') return 1;
    report(ctx, 'SBN3006', { name: `${name}(…)` }, { span: value.span, hint: `write \`maximize ${name}\`` });
  } else if (only === undefined || args.length > 1) {
    const hint = 'say how many draws each row has: `maximize iwae(5)`';
    report(ctx, 'SBN3006', { name: value.kind === 'call' ? 'iwae(…)' : 'iwae' }, { span: value.span, hint });
  } else {
    const draws = checkInteger(ctx, only, { what: 'the number of draws', least: 1 });
    return draws !== undefined && holdsDraws(ctx, draws, only.span) ? draws : undefined;
  }
  return undefined;
}

/** Reports draws of a site that are too many for one tensor. */
function holdsDraws(ctx: Context, draws: number, span: Span): boolean {
  const shapes = [...(ctx.session.blocks.model?.sites.values() ?? [])].map(({ type }) => type?.shape ?? []);
  const largest = shapes.reduce((a, b) => (countElements(b) > countElements(a) ? b : a), []);
  return checkSize(ctx, [draws, ...largest], span);
}

/** A single name that means nothing is more likely an objective's than a value's. */
function reportUnknownObjective(ctx: Context, { value }: ObjectiveDeclaration, model: Block | undefined): boolean {
  const name = value.kind === 'name' ? value.name : undefined;
  if (name === undefined) return false;
  if (model === undefined || model.scope.lookup(name) !== undefined || isLibraryName(name)) return false;
  if (ctx.session.blocks.guide?.planned.has(name) === true) return false;
  const hint = didYouMean(name, [...BOUNDS, ...nearestNames(model.scope)]);
  const notes = ['objectives are `elbo`, `likelihood`, `iwae(5)`, or an expression over the sites of the model'];
  report(ctx, 'SBN3006', { name }, { span: value.span, hint, notes });
  return true;
}

function checkCost(session: Session, declaration: ObjectiveDeclaration, model: Block): TypedObjective | undefined {
  const { direction, value, span } = declaration;
  const place = new Place(model, direction);
  const ctx: Context = { ...moduleContext(session), scope: model.scope, place };
  const cost = checkExpression(ctx, value);
  if (cost === undefined) return undefined;
  if (cost.kind === 'number') {
    report(ctx, 'SBN3009', { value: cost.value }, { span: value.span });
    return undefined;
  }
  if (cost.type.shape.length === 0) return { kind: 'cost', direction, value: cost, span };
  const text = sourceAt(ctx, value.span);
  const hint = text === undefined ? undefined : `write \`${direction} mean(${text})\` or \`${direction} sum(${text})\``;
  report(ctx, 'SBN3008', {}, { span: value.span, label: formatType(cost.type), hint });
  return undefined;
}
