/** The cost of a model at given values of its latents, from what its text means: element by element, and no program. */
import type { Plate, TypedExpression, TypedModel, TypedSite, TypedStatement } from '@sbn/compiler';
import { evaluate, find, type Place } from './evaluate-expression.js';
import { logDensity, VECTORS } from './log-density.js';
import { logSumExp, read, sum, tabulate, type Tensor } from './tensor.js';

export interface Given {
  /** Of one row. */
  readonly data: ReadonlyMap<string, Tensor>;
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Of every latent; under `iwae(k)` with an axis of k in front. */
  readonly latents: ReadonlyMap<string, Tensor>;
}

export function evaluateCost(model: TypedModel, given: Given): number {
  const { objective } = model;
  if (objective.kind === 'cost') {
    const cost = evaluate(objective.value, placeIn(model.model, given, given.latents));
    return (objective.direction === 'minimize' ? 1 : -1) * (cost.values[0] ?? NaN);
  }
  if (objective.name !== 'iwae') return costOfDraw(model, given, given.latents);
  const { draws } = objective;
  const costs = Array.from({ length: draws }, (_, draw) => {
    const taken = [...given.latents].map(([id, { shape, values }]): readonly [string, Tensor] => {
      const size = values.length / draws;
      return [id, { shape: shape.slice(1), values: values.slice(draw * size, (draw + 1) * size) }];
    });
    return costOfDraw(model, given, new Map(taken));
  });
  return Math.log(draws) - logSumExp(costs.map((cost) => -cost));
}

/** −log p(observed | latents), or log q(latents) − log p(latents, observed) with a guide. */
function costOfDraw(model: TypedModel, given: Given, latents: ReadonlyMap<string, Tensor>): number {
  const judged = logProbability(
    model.model,
    given,
    latents,
    ({ role }) => model.guide !== undefined || role === 'observed',
  );
  const drawn = model.guide === undefined ? 0 : logProbability(model.guide, given, latents, () => true);
  return drawn - judged;
}

function logProbability(
  statements: readonly TypedStatement[],
  given: Given,
  latents: ReadonlyMap<string, Tensor>,
  counts: (site: TypedSite) => boolean,
): number {
  const place = placeIn(statements, given, latents);
  return sum(
    statements.map((statement) => (statement.kind === 'site' && counts(statement) ? logOfSite(statement, place) : 0)),
  );
}

function placeIn(statements: readonly TypedStatement[], given: Given, latents: ReadonlyMap<string, Tensor>): Place {
  const bindings = new Map<string, TypedExpression>();
  for (const statement of statements) if (statement.kind === 'binding') bindings.set(statement.id, statement.value);
  // What is observed is a site from then on.
  const sites = new Map([...given.data, ...latents]);
  return { data: given.data, parameters: given.parameters, sites, bindings, elements: new Map<Plate, number>() };
}

/** Over all elements of its plates, and all draws of an element. */
function logOfSite({ id, plates, type, parameters, distribution }: TypedSite, place: Place): number {
  const value = find(place.sites, id);
  const own = type.shape.slice(plates.length);
  const draws = VECTORS.has(distribution) ? own.slice(0, -1) : own;
  const classes = VECTORS.has(distribution) ? (own.at(-1) ?? NaN) : undefined;
  const ofElements = tabulate(
    plates.map(({ size }) => size),
    (elements) => {
      const here = { ...place, elements: new Map(plates.map((plate, axis) => [plate, elements[axis] ?? NaN])) };
      const numbers = Object.entries(parameters).map(
        ([name, expression]) => [name, evaluate(expression, here)] as const,
      );
      const ofDraws = tabulate(draws, (index) => {
        const along = (tensor: Tensor, front: readonly number[]): readonly number[] =>
          classes === undefined
            ? [read(tensor, [...front, ...index])]
            : Array.from({ length: classes }, (_, k) => read(tensor, [...front, ...index, k]));
        const at = Object.fromEntries(numbers.map(([name, tensor]) => [name, along(tensor, [])]));
        return logDensity(distribution, along(value, elements), at);
      });
      return sum(ofDraws.values);
    },
  );
  return sum(ofElements.values);
}
