/**
 * From the typed model to the stochastic graph.
 * Requires a checked model. Ensures that every site and cost is a value of one pure program, and
 * that a site's parents and a cost's dependences are those of that program.
 */
import { BATCH, InternalError, ProgramBuilder, sameShape, type Shape, type ValueId } from '@sbn/program';
import { sumElements } from '../elements.js';
import { DISTRIBUTIONS } from '../distributions/index.js';
import type { StochasticGraph } from '../stochastic-graph.js';
import type { Plate, TypedExpression, TypedModel, TypedObjective, TypedSite, TypedStatement } from '../typed-model.js';
import { connectGraph, type BuiltCost, type BuiltSite } from './connect-graph.js';
import {
  countElements,
  fullShape,
  gatherElements,
  hasLead,
  NO_LEAD,
  stretch,
  type Lead,
  type Lowered,
} from './lead.js';
import { logSumExp, lowerOperation } from './operation.js';

/**
 * Whether rows share the parameters of a drawn site where the model lets them (`bias(H)`), or each row has a value of its
 * own, in the shape of the site's value, that nothing but the site's own densities reads: what to differentiate by, row by row.
 */
export type ParameterLayout = 'shared' | 'own';

/** The graph that training, evaluation and the posterior use: latents drawn from the guide where there is one. */
export function lowerModel(model: TypedModel, layout: ParameterLayout = 'shared'): StochasticGraph {
  return lowerWith(model, layout, drawsOf(model.objective));
}

/** The same with one draw of the latents for each row, whatever the objective: what weights and the posterior are made of. */
export function lowerSingle(model: TypedModel): StochasticGraph {
  return lowerWith(model, 'shared', []);
}

/** Draws of one row are independent elements of a plate around the whole model. */
function drawsOf(objective: TypedObjective): readonly Plate[] {
  if (objective.kind !== 'bound' || objective.name !== 'iwae') return [];
  return [{ variable: 'draw', size: objective.draws, depth: -1 }];
}

function lowerWith(model: TypedModel, layout: ParameterLayout, around: readonly Plate[]): StochasticGraph {
  const builder = new ProgramBuilder('forward');
  const drawn = model.guide ?? model.model;
  const latents = lowerStatements(builder, drawn, new Map(), isLatent, around, layout);
  // In the model, a latent that the guide draws has the guide's value.
  const known = new Map(latents.sites.map((site) => [site.id, site.value]));
  const judged =
    model.guide === undefined ? latents : lowerStatements(builder, model.model, known, () => false, around);
  const observed = judged.sites.filter((site) => site.typed.role === 'observed');
  const drawnLatents = latents.sites.filter((site) => site.typed.role === 'latent');
  const terms = lowerCosts(builder, model, drawnLatents, judged);
  const [draws] = around;
  const costs = draws === undefined ? terms : [averageDraws(builder, terms, draws)];
  return connectGraph(builder, { sites: [...drawnLatents, ...observed], costs });
}

/** The graph of the prior: every site of the model, observed ones too, is drawn from the model. */
export function lowerPrior(model: TypedModel): StochasticGraph {
  const builder = new ProgramBuilder('prior');
  const { sites } = lowerStatements(builder, model.model, new Map(), () => true, []);
  return connectGraph(builder, { sites, costs: [] });
}

const ROWS: Lead = { batched: true, plates: [] };

const isLatent = (site: TypedSite): boolean => site.role === 'latent';

interface LoweredBlock {
  readonly sites: readonly BuiltSite[];
  readonly scope: Scope;
}

interface Scope {
  readonly sites: Map<string, Lowered>;
  readonly bindings: Map<string, Lowered>;
}

/**
 * `drawn` decides which sites are inputs of the graph; the others take the value `known` or the data's. All statements are in the
 * plates `around`.
 */
function lowerStatements(
  builder: ProgramBuilder,
  statements: readonly TypedStatement[],
  known: ReadonlyMap<string, ValueId>,
  drawn: (site: TypedSite) => boolean,
  around: readonly Plate[],
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
      const lead: Lead = { batched: true, plates: [...around, ...statement.plates] };
      const shape = statement.type.shape.slice(statement.plates.length);
      const value = drawn(statement)
        ? builder.input('latent', statement.id, fullShape({ ...lead, shape }))
        : (known.get(statement.id) ?? lowerObserved(builder, statement, lead, shape));
      const element: Lowered = { ...lead, shape, value };
      const site = lowerSite(builder, statement, element, scope, drawn(statement) ? layout : 'shared');
      scope.sites.set(statement.id, gatherElements(builder, element, statement.plates));
      sites.push(site);
    });
  }
  return { sites, scope };
}

/** The data, with the elements of the plates in front. */
function lowerObserved(builder: ProgramBuilder, typed: TypedSite, lead: Lead, shape: readonly number[]): ValueId {
  const own = { batched: true, plates: typed.plates, shape };
  const data = builder.input('data', typed.id, [BATCH, ...typed.type.shape]);
  return stretch(builder, { ...own, value: builder.reshape(data, fullShape(own)) }, lead).value;
}

function lowerSite(
  builder: ProgramBuilder,
  typed: TypedSite,
  element: Lowered,
  scope: Scope,
  layout: ParameterLayout,
): BuiltSite {
  const distribution = DISTRIBUTIONS[typed.distribution];
  const full = fullShape(element);
  const parameters = Object.fromEntries(
    Object.entries(typed.parameters).map(([name, expression]) => {
      const shared = alignParameter(builder, lowerExpression(builder, expression, scope), element);
      return [name, layout === 'shared' ? shared : emitOwn(builder, shared, full)];
    }),
  );
  const mean = builder.broadcast(distribution.mean(builder, parameters), full);
  const unitLogProbability = distribution.logProbability(builder, element.value, parameters);
  const logProbability = builder.sumEvent(unitLogProbability);
  const { id, role } = typed;
  const densities = { mean, unitLogProbability, logProbability };
  const shapes = {
    elements: countElements(element),
    shape: [
      ...element.plates.slice(0, element.plates.length - typed.plates.length).map(({ size }) => size),
      ...typed.type.shape,
    ],
    elementShape: element.shape,
  };
  return {
    id,
    role,
    distribution: typed.distribution,
    value: element.value,
    parameters,
    ...densities,
    ...shapes,
    typed,
  };
}

/** Axes of 1 in front align a parameter of fewer axes with the site's value; one that differs at all does so in all that the site does. */
function alignParameter(builder: ProgramBuilder, lowered: Lowered, element: Lowered): ValueId {
  const wide = hasLead(lowered) ? stretch(builder, lowered, element) : lowered;
  const ones = Array.from({ length: element.shape.length - lowered.shape.length }, () => 1);
  return builder.reshape(wide.value, fullShape({ ...wide, shape: [...ones, ...lowered.shape] }));
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
      const { value } = stretch(builder, lowerExpression(builder, expression, judged.scope), ROWS);
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

/** The costs of all draws as one, −log 1/k Σ_j exp(−f_j): the bound of Burda, Grosse, Salakhutdinov (2016), Eq. 8. */
function averageDraws(builder: ProgramBuilder, terms: readonly BuiltCost[], { size }: Plate): BuiltCost {
  const values = terms.map(({ value }) => sumElements(builder, value, size));
  const [first = builder.fill(0, [{ batch: size }]), ...rest] = values;
  const weights = builder.reshape(builder.negate(rest.reduce((sum, value) => builder.add(sum, value), first)), [
    BATCH,
    size,
  ]);
  const logs = logSumExp(builder, weights, [1]);
  const value = builder.subtract(builder.constant(Math.log(size)), logs);
  return { name: `-log of the mean of ${String(size)} weights`, site: undefined, value, isScore: false };
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
      return lookUp(scope.sites, expression.id);
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
