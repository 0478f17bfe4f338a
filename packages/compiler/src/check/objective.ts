/** The objective: a bound by name, or a cost as an expression over the model's sites. */
import type { ObjectiveDeclaration } from '@sbn/dsl';
import type { TypedObjective } from '../typed-model.js';
import { Place, type Block } from './block.js';
import { moduleContext, report, sourceAt, type Context, type Session } from './context.js';
import { checkExpression } from './expressions.js';
import { isLibraryName } from './library-names.js';
import { didYouMean } from './suggestions.js';
import { formatType } from './value-types.js';

export type BoundName = 'elbo' | 'likelihood';
const BOUNDS: readonly BoundName[] = ['elbo', 'likelihood'];

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
  if (value.kind === 'call') {
    report(ctx, 'SBN3006', { name: `${name}(…)` }, { span: value.span, hint: `write \`maximize ${name}\`` });
    return undefined;
  }
  if (direction === 'minimize') {
    report(ctx, 'SBN3007', { name }, { span, hint: `write \`maximize ${name}\`` });
    return undefined;
  }
  return { kind: 'bound', name, span };
}

/** A single name that means nothing is more likely an objective's than a value's. */
function reportUnknownObjective(ctx: Context, { value }: ObjectiveDeclaration, model: Block | undefined): boolean {
  const name =
    value.kind === 'name' ? value.name : value.kind === 'call' && value.callee.name === 'iwae' ? 'iwae' : undefined;
  if (name === undefined) return false;
  if (name !== 'iwae') {
    if (model === undefined || model.scope.lookup(name) !== undefined || isLibraryName(name)) return false;
    if (ctx.session.blocks.guide?.planned.has(name) === true) return false;
  }
  const hint =
    name === 'iwae' ? 'write `maximize elbo`' : didYouMean(name, [...BOUNDS, ...(model?.scope.names() ?? [])]);
  const notes = ['objectives are `elbo`, `likelihood`, or an expression over the sites of the model'];
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
