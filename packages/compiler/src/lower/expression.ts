/** From typed expressions to values of a program. */
import { BATCH, InternalError, type ProgramBuilder, type ValueId } from '@sbn/program';
import type { TypedExpression } from '../typed-model.js';
import { NO_LEAD, ROWS, type Lead, type Lowered } from './lead.js';
import { lowerOperation } from './operation.js';

/** What names of a block stand for so far. */
export interface Scope {
  readonly sites: Map<string, Lowered>;
  /** Makes the value of a site that is read before its statement: in its own distribution, or in what that needs. */
  readonly openSite: (id: string) => Lowered;
  readonly bindings: Map<string, Lowered>;
}

export function lowerExpression(builder: ProgramBuilder, expression: TypedExpression, scope: Scope): Lowered {
  const { shape } = expression.type;
  const of = (lead: Lead, value: ValueId): Lowered => ({ ...lead, shape, value });
  switch (expression.kind) {
    case 'number':
      return of(NO_LEAD, builder.constant(expression.value));
    case 'array':
      return of(NO_LEAD, builder.emit('constant', [], { shape, values: withoutRepetition(expression.values) }));
    case 'data':
      return of(ROWS, builder.input('data', expression.name, [BATCH, ...shape]));
    case 'parameter':
      return of(NO_LEAD, builder.input('parameter', expression.name, shape));
    case 'site':
      return scope.sites.get(expression.id) ?? scope.openSite(expression.id);
    case 'binding':
      return lookUp(scope.bindings, expression.id);
    case 'apply': {
      const args = expression.args.map((arg) => lowerExpression(builder, arg, scope));
      return lowerOperation(builder, expression.operation, args, shape);
    }
    default: {
      const unexpected: never = expression;
      throw new InternalError(`unexpected expression ${JSON.stringify(unexpected)}`);
    }
  }
}

/** A constant of one number throughout is written once. */
function withoutRepetition(values: readonly number[]): readonly number[] {
  const [first] = values;
  return values.every((value) => Object.is(value, first)) ? values.slice(0, 1) : values;
}

function lookUp(values: ReadonlyMap<string, Lowered>, id: string): Lowered {
  const found = values.get(id);
  if (found === undefined) throw new InternalError(`${id} is used before it is defined`);
  return found;
}
