/**
 * From the typed model to the stochastic graph.
 * Requires a checked model. Ensures that every site and cost is a value of one pure program, and
 * that a site's parents and a cost's dependences are those of that program.
 */
import { BATCH, InternalError, ProgramBuilder, sameShape, type Shape, type ValueId } from '@sbn/program';
import { DISTRIBUTIONS } from '../distributions/index.js';
import type { StochasticGraph } from '../stochastic-graph.js';
import {
  drawsPerRow,
  type Plate,
  type TypedModel,
  type TypedObjective,
  type TypedSite,
  type TypedStatement,
} from '../typed-model.js';
import { connectGraph, type BuiltSite } from './connect-graph.js';
import { averageDraws, lowerCosts, type LoweredBlock } from './costs.js';
import { lowerExpression, type Scope } from './expression.js';
import { countElements, fullShape, gatherElements, hasLead, stretch, type Lead, type Lowered } from './lead.js';

/**
 * Whether rows share the parameters of a drawn site where the model lets them (`bias(H)`), or each row has a value of its
 * own, in the shape of the site's value, that nothing but the site's own densities reads: what to differentiate by, row by row.
 */
export type ParameterLayout = 'shared' | 'own';

/** The graph that training, evaluation and the posterior use: latents drawn from the guide where there is one. */
export function lowerModel(model: TypedModel, layout: ParameterLayout = 'shared'): StochasticGraph {
  return lowerWith(model, layout, plateOfDraws(model.objective));
}

/** The same with one draw of the latents for each row, whatever the objective: what weights and the posterior are made of. */
export function lowerSingle(model: TypedModel): StochasticGraph {
  return lowerWith(model, 'shared', []);
}

/** Draws of one row are independent elements of a plate around the whole model. */
function plateOfDraws(objective: TypedObjective): readonly Plate[] {
  const size = drawsPerRow(objective);
  return size === undefined ? [] : [{ variable: 'draw', size, depth: -1 }];
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

const isLatent = (site: TypedSite): boolean => site.role === 'latent';

/**
 * `drawn` decides which sites are inputs of the graph; the others take their value of `values` or the data's. All statements are in the
 * plates `around`.
 */
function lowerStatements(
  builder: ProgramBuilder,
  statements: readonly TypedStatement[],
  values: ReadonlyMap<string, ValueId>,
  drawn: (site: TypedSite) => boolean,
  around: readonly Plate[],
  layout: ParameterLayout = 'shared',
): LoweredBlock {
  const elements = new Map<string, Lowered>();
  const elementOf = (site: TypedSite): Lowered => {
    const known = elements.get(site.id);
    if (known !== undefined) return known;
    const lead: Lead = { batched: true, plates: [...around, ...site.plates] };
    const shape = site.type.shape.slice(site.plates.length);
    const value = drawn(site)
      ? builder.input('latent', site.id, fullShape({ ...lead, shape }))
      : (values.get(site.id) ?? lowerObserved(builder, site, lead, shape));
    const element: Lowered = { ...lead, shape, value };
    elements.set(site.id, element);
    return element;
  };
  const declare = (site: TypedSite): Lowered => {
    const gathered = gatherElements(builder, elementOf(site), site.plates);
    scope.sites.set(site.id, gathered);
    return gathered;
  };
  const openSite = (id: string): Lowered => {
    const site = statements.find((statement) => statement.kind === 'site' && statement.id === id);
    if (site?.kind !== 'site') throw new InternalError(`${id} is used before it is defined`);
    return builder.within(id, () => declare(site));
  };
  const scope: Scope = { sites: new Map(), bindings: new Map(), openSite };
  const sites: BuiltSite[] = [];
  for (const statement of statements) {
    builder.within(statement.id, () => {
      if (statement.kind === 'binding') {
        scope.bindings.set(statement.id, lowerExpression(builder, statement.value, scope));
        return;
      }
      const element = elementOf(statement);
      sites.push(lowerSite(builder, statement, element, scope, drawn(statement) ? layout : 'shared'));
      if (!scope.sites.has(statement.id)) declare(statement);
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
