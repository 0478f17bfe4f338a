/** The lines below a picture. */
import { DEFAULT_ESTIMATOR } from '../estimators/index.js';
import { ENUMERATE } from '../marginalize/index.js';
import type { TypedModel } from '../typed-model.js';
import type { SiteGroup } from './families.js';

export function describeNotes(model: TypedModel, groups: readonly SiteGroup[]): readonly string[] {
  const { objective, parameters, guide } = model;
  const goal = objective.kind === 'bound' ? `maximize ${objective.name}` : `${objective.direction} an expression`;
  return [
    goal,
    ...describeEstimators(model, groups),
    ...describeLayers(parameters.filter(({ name }) => name.includes('.'))),
    ...(guide === undefined || guide.length === 0 ? [] : ['dashed: the guide']),
  ];
}

/** `muprop: h1, h2`, and `summed out: k`: what the file asks for, without its options. */
function describeEstimators({ guide, estimator }: TypedModel, groups: readonly SiteGroup[]): readonly string[] {
  const requests = new Map(
    guide?.flatMap((statement) => (statement.kind === 'site' ? [[statement.id, statement.via]] : [])),
  );
  const labels = new Map<string, Set<string>>();
  for (const { label, sites } of groups) {
    for (const { id, role, via } of sites) {
      if (role === 'observed') continue;
      const name = (requests.get(id) ?? via ?? estimator)?.name ?? DEFAULT_ESTIMATOR;
      labels.set(name, (labels.get(name) ?? new Set()).add(label));
    }
  }
  return [...labels].map(([name, of]) => `${name === ENUMERATE ? 'summed out' : name}: ${[...of].join(', ')}`);
}

function describeLayers(owned: TypedModel['parameters']): readonly string[] {
  if (owned.length === 0) return [];
  const numbers = owned.reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
  const tensors = owned.length === 1 ? '1 tensor' : `${owned.length} tensors`;
  return [`layers: ${tensors} of ${numbers.toLocaleString('en-US')} numbers`];
}
