/**
 * From the typed model to the stochastic graph.
 * Requires a checked model. Ensures that every site and cost is a value of one pure program, and
 * that a site's parents and a cost's dependences are those of that program.
 */
import { BATCH, InternalError, ProgramBuilder, sameShape, type Shape, type ValueId } from '@sbn/program';
import { DISTRIBUTIONS } from '../distributions/index.js';
import type { StochasticGraph } from '../stochastic-graph.js';
import type { TypedExpression, TypedModel, TypedSite, TypedStatement } from '../typed-model.js';
import { connectGraph, type BuiltCost, type BuiltSite } from './connect-graph.js';
import { fullShape, lowerOperation, withBatch, type Lowered } from './operation.js';

/**
 * Whether rows share the parameters of a drawn site where the model lets them (`bias(H)`), or each row has a value of its
 * own, in the shape of the site's value, that nothing but the site's own densities reads: what to differentiate by, row by row.
 */
export type ParameterLayout = 'shared' | 'own';

/** The graph that training, evaluation and the posterior use: latents drawn from the guide where there is one. */
export function lowerModel(model: TypedModel, layout: ParameterLayout = 'shared'): StochasticGraph {
  const builder = new ProgramBuilder('forward');
  const drawn = model.guide ?? model.model;
  const latents = lowerStatements(builder, drawn, new Map(), isLatent, layout);
  // In the model, a latent that the guide draws has the guide's value.
  const known = new Map(latents.sites.map((site) => [site.id, site.value]));
  const judged = model.guide === undefined ? latents : lowerStatements(builder, model.model, known, () => false);
  const observed = judged.sites.filter((site) => site.typed.role === 'observed');
  const drawnLatents = latents.sites.filter((site) => site.typed.role === 'latent');
  const costs = lowerCosts(builder, model, drawnLatents, judged);
  return connectGraph(builder, { sites: [...drawnLatents, ...observed], costs });
}

/** The graph of the prior: every site of the model, observed ones too, is drawn from the model. */
export function lowerPrior(model: TypedModel): StochasticGraph {
  const builder = new ProgramBuilder('prior');
  const { sites } = lowerStatements(builder, model.model, new Map(), () => true);
  return connectGraph(builder, { sites, costs: [] });
}

const isLatent = (site: TypedSite): boolean => site.role === 'latent';

interface LoweredBlock {
  readonly sites: readonly BuiltSite[];
  readonly scope: Scope;
}

interface Scope {
  readonly sites: Map<string, Lowered>;
  readonly bindings: Map<string, Lowered>;
}

/** `drawn` decides which sites are inputs of the graph; the others take the value `known` or the data's. */
function lowerStatements(
  builder: ProgramBuilder,
  statements: readonly TypedStatement[],
  known: ReadonlyMap<string, ValueId>,
  drawn: (site: TypedSite) => boolean,
  layout: ParameterLayout = 'shared',
): LoweredBlock {
  const scope: Scope = { sites: new Map(), bindings: new Map() };
  const sites: BuiltSite[] = [];
  for (const statement of statements) {
    builder.within(statement.id, () => {
      if (statement.kind === 'binding') {
        scope.bindings.set(statement.id, lowerExpression(builder, statement.value, scope));
        return;
      }
      const shape = [BATCH, ...statement.type.shape];
      const value = drawn(statement)
        ? builder.input('latent', statement.id, shape)
        : (known.get(statement.id) ?? builder.input('data', statement.id, shape));
      const site = lowerSite(builder, statement, value, scope, drawn(statement) ? layout : 'shared');
      scope.sites.set(statement.id, { value, shape: statement.type.shape, batched: true });
      sites.push(site);
    });
  }
  return { sites, scope };
}

function lowerSite(
  builder: ProgramBuilder,
  typed: TypedSite,
  value: ValueId,
  scope: Scope,
  layout: ParameterLayout,
): BuiltSite {
  const distribution = DISTRIBUTIONS[typed.distribution];
  const rank = typed.type.shape.length;
  const parameters = Object.fromEntries(
    Object.entries(typed.parameters).map(([name, expression]) => {
      const lowered = lowerExpression(builder, expression, scope);
      // Axes of 1 in front align a parameter of fewer axes with the value's row.
      const shape = [...Array.from({ length: rank - lowered.shape.length }, () => 1), ...lowered.shape];
      const shared = builder.reshape(lowered.value, fullShape({ shape, batched: lowered.batched }));
      return [name, layout === 'shared' ? shared : emitOwn(builder, shared, [BATCH, ...typed.type.shape])];
    }),
  );
  const mean = builder.broadcast(distribution.mean(builder, parameters), [BATCH, ...typed.type.shape]);
  const unitLogProbability = distribution.logProbability(builder, value, parameters);
  const logProbability = builder.sumEvent(unitLogProbability);
  const { id, role } = typed;
  const densities = { mean, unitLogProbability, logProbability };
  return { id, role, distribution: typed.distribution, value, parameters, ...densities, typed };
}

/** A value of its own: a drawn site's shape is what its parameters stretch to. */
function emitOwn(builder: ProgramBuilder, value: ValueId, shape: Shape): ValueId {
  const isWhole = sameShape(builder.shapeOf(value), shape);
  return isWhole ? builder.emit('identity', [value], {}) : builder.broadcast(value, shape);
}

function lowerCosts(
  builder: ProgramBuilder,
  model: TypedModel,
  drawn: readonly BuiltSite[],
  judged: LoweredBlock,
): readonly BuiltCost[] {
  const { objective } = model;
  const negativeLog = (site: BuiltSite): BuiltCost => ({
    name: `-log p(${site.id})`,
    site: site.id,
    value: builder.within(site.id, () => builder.negate(site.logProbability)),
    isScore: false,
  });
  if (objective.kind === 'cost') {
    const summands = splitSum(objective.value, objective.direction === 'minimize' ? 1 : -1);
    return summands.map(({ expression, sign }, index) => {
      const { value } = withBatch(builder, lowerExpression(builder, expression, judged.scope));
      const name = summands.length === 1 ? 'cost' : `cost ${String(index + 1)}`;
      return { name, site: undefined, value: sign === 1 ? value : builder.negate(value), isScore: false };
    });
  }
  // Without a guide the latents are drawn from the model, and their log q − log p is zero.
  if (model.guide === undefined) return judged.sites.filter((site) => site.role === 'observed').map(negativeLog);
  const scores = drawn.map((site) => ({
    name: `log q(${site.id})`,
    site: site.id,
    value: site.logProbability,
    isScore: true,
  }));
  return [...scores, ...judged.sites.map(negativeLog)];
}

interface Summand {
  readonly expression: TypedExpression;
  readonly sign: 1 | -1;
}

/** The summands of a cost, each of which trains only the sites that it depends on. */
function splitSum(expression: TypedExpression, sign: 1 | -1): readonly Summand[] {
  const opposite = sign === 1 ? -1 : 1;
  if (expression.kind !== 'apply') return [{ expression, sign }];
  const { operation, args } = expression;
  const [first, second] = args;
  const isSum = operation.kind === 'binary' && (operation.name === 'add' || operation.name === 'subtract');
  if (isSum && first !== undefined && second !== undefined) {
    return [...splitSum(first, sign), ...splitSum(second, operation.name === 'add' ? sign : opposite)];
  }
  const isNegation = operation.kind === 'unary' && operation.name === 'negate';
  return isNegation && first !== undefined ? splitSum(first, opposite) : [{ expression, sign }];
}

function lowerExpression(builder: ProgramBuilder, expression: TypedExpression, scope: Scope): Lowered {
  const { shape, batched } = expression.type;
  const of = (value: ValueId): Lowered => ({ value, shape, batched });
  switch (expression.kind) {
    case 'number':
      return of(builder.constant(expression.value));
    case 'array':
      return of(builder.emit('constant', [], { shape, values: withoutRepetition(expression.values) }));
    case 'data':
      return of(builder.input('data', expression.name, [BATCH, ...shape]));
    case 'parameter':
      return of(builder.input('parameter', expression.name, shape));
    case 'site':
      return lookUp(scope.sites, expression.id);
    case 'binding':
      return lookUp(scope.bindings, expression.id);
    case 'apply': {
      const args = expression.args.map((arg) => lowerExpression(builder, arg, scope));
      return of(lowerOperation(builder, expression.operation, args));
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
