/** Warnings about parameters that the objective has no derivative by: they stay as they were initialised. */
import type { Program, ValueId } from '@sbn/program';
import type { Diagnostic } from '@sbn/dsl';
import { gradientDiagnostics } from './gradient-catalogue.js';
import { fillOfResult } from './optimize/fold-constants.js';
import type { StochasticGraph } from './stochastic-graph.js';
import type { TypedModel, TypedParameter } from './typed-model.js';

/**
 * `gradient` is the program of a step as it was expanded. Nothing is said of parameters of sites that no cost depends on, as
 * something was said of those.
 */
export function warnUntrained(
  { parameters }: TypedModel,
  graph: StochasticGraph,
  gradient: Program,
): readonly Diagnostic[] {
  const untrained = zeroGradients(gradient);
  if (untrained.size === 0) return [];
  const { used, excused } = readParameters(graph);
  const found = parameters.filter(({ name }) => untrained.has(name) && used.has(name) && !excused.has(name));
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

/** The parameters whose derivative is 0 whatever the values are. */
function zeroGradients({ instructions, outputs }: Program): ReadonlySet<string> {
  const fills = new Map<ValueId, number>();
  for (const instruction of instructions) {
    const fill =
      instruction.kind === 'constant'
        ? single(instruction.attributes.values)
        : fillOfResult(instruction, (value) => fills.get(value));
    if (fill !== undefined) fills.set(instruction.id, fill);
  }
  return new Set(
    outputs.flatMap(({ role, name, value }) => (role === 'gradient' && fills.get(value) === 0 ? [name] : [])),
  );
}

function single(values: readonly number[]): number | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
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
