/** Warnings about parameters that the objective has no derivative by: they stay as they were initialised. */
import type { ValueId } from '@sbn/program';
import type { Diagnostic } from '@sbn/dsl';
import { gradientDiagnostics } from './gradient-catalogue.js';
import type { StochasticGraph } from './stochastic-graph.js';
import type { TypedModel, TypedParameter } from './typed-model.js';

/**
 * `underived` are the parameters that the gradient of a step has zeros for. Nothing is said of parameters of sites that no cost depends
 * on, as something was said of those.
 */
export function warnUntrained(
  { parameters }: TypedModel,
  graph: StochasticGraph,
  underived: ReadonlySet<string>,
): readonly Diagnostic[] {
  if (underived.size === 0) return [];
  const { used, excused } = readParameters(graph);
  const found = parameters.filter(({ name }) => underived.has(name) && used.has(name) && !excused.has(name));
  // A layer's parameters stand at one place.
  const byPlace = new Map<number, TypedParameter[]>();
  for (const parameter of found) {
    const { start } = parameter.span;
    byPlace.set(start, [...(byPlace.get(start) ?? []), parameter]);
  }
  return [...byPlace.values()].flatMap((group) => {
    const [first] = group;
    const names = group.map(({ name }) => name);
    return first === undefined ? [] : [gradientDiagnostics.report('SBN5102', { names }, first.span)];
  });
}

/** The parameters that costs or sites depend on, and those of sites that no cost depends on. */
function readParameters({ forward, sites, costs }: StochasticGraph): {
  readonly used: ReadonlySet<string>;
  readonly excused: ReadonlySet<string>;
} {
  const namesIn = (targets: readonly ValueId[]): ReadonlySet<string> => {
    const needed = new Set(targets);
    for (const { id, args } of forward.instructions.toReversed()) {
      if (needed.has(id)) for (const arg of args) needed.add(arg);
    }
    return new Set(
      forward.inputs.flatMap(({ role, name, id }) => (role === 'parameter' && needed.has(id) ? [name] : [])),
    );
  };
  const counted = new Set(
    costs.flatMap(({ site, dependsOn }) => [...dependsOn, ...(site === undefined ? [] : [site])]),
  );
  const valuesOf = (chosen: typeof sites): readonly ValueId[] =>
    chosen.flatMap(({ parameters }) => Object.values(parameters));
  return {
    used: namesIn([...valuesOf(sites), ...costs.map(({ value }) => value)]),
    excused: namesIn(valuesOf(sites.filter(({ id }) => !counted.has(id)))),
  };
}
