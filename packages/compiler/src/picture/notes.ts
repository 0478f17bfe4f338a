/** The lines below a picture. */
import type { SiteInfo } from '@sbn/program';
import type { TypedModel } from '../typed-model.js';
import type { SiteGroup } from './families.js';

/** What the artifact says of a site. */
export type CompiledSite = Pick<SiteInfo, 'id' | 'estimator'>;

export function describeNotes(
  { objective, parameters, guide }: TypedModel,
  groups: readonly SiteGroup[],
  compiled: readonly CompiledSite[],
): readonly string[] {
  const goal = objective.kind === 'bound' ? `maximize ${objective.name}` : `${objective.direction} an expression`;
  return [
    goal,
    ...describeEstimators(groups, compiled),
    ...describeLayers(parameters.filter(({ name }) => name.includes('.'))),
    ...(guide === undefined || guide.length === 0 ? [] : ['dashed: the guide']),
  ];
}

/** `muprop: h1, h2`, and `summed out: k`, without the details of each form. */
function describeEstimators(groups: readonly SiteGroup[], compiled: readonly CompiledSite[]): readonly string[] {
  const estimators = new Map(compiled.map(({ id, estimator }) => [id, estimator]));
  const labels = new Map<string, Set<string>>();
  for (const { label, sites } of groups) {
    for (const { id } of sites) {
      const text = estimators.get(id);
      if (text === undefined) continue;
      const name = text.replace(/ \(.*$/, '');
      labels.set(name, (labels.get(name) ?? new Set()).add(label));
    }
  }
  return [...labels].map(([name, of]) => `${name === 'enumerate' ? 'summed out' : name}: ${[...of].join(', ')}`);
}

function describeLayers(owned: TypedModel['parameters']): readonly string[] {
  if (owned.length === 0) return [];
  const numbers = owned.reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
  const tensors = owned.length === 1 ? '1 tensor' : `${owned.length} tensors`;
  return [`layers: ${tensors} of ${numbers.toLocaleString('en-US')} numbers`];
}
