/**
 * Further draws of a site: they must come about as the sampled one does, and share nothing with it, with one another or with other
 * sites but what is not downstream.
 */
import type { ValueId } from '@sbn/program';
import { DISTRIBUTIONS } from '../distributions/index.js';
import { leadOf } from '../elements.js';
import type { Branch } from '../draws.js';
import type { ExpansionContext, SiteExpansion } from '../estimators/estimator.js';
import { drawInOrder } from '../order/ordered-values.js';
import { latentSites } from '../stochastic-graph.js';
import type { Evidence } from './evidence.js';
import { isSameValue } from './same-value.js';

export function findBranchFaults(
  evidence: Evidence,
  context: ExpansionContext,
  expansion: SiteExpansion,
): readonly string[] {
  const { site } = context;
  const { scores, pair, passes } = expansion;
  const further = scores.flatMap(({ branch }) => (branch === undefined ? [] : [branch]));
  const faults = further.flatMap((branch) => findForeignDraws(evidence, context, branch, undefined));
  if (pair !== undefined) faults.push(...findForeignDraws(evidence, context, pair.branch, pair.partner.value));
  const known = new Set([...further, ...(pair === undefined ? [] : [pair.branch])].map(({ pass }) => pass));
  if (passes.some((pass) => !known.has(pass))) {
    faults.push(`the gradient of the costs is averaged over a pass that is no draw of ${site.id}`);
  }
  return faults;
}

/** Every site of the branch has its sampled value, or is drawn from its distribution there with noise of its own; `partner` is given. */
function findForeignDraws(
  evidence: Evidence,
  { builder, graph, term, site }: ExpansionContext,
  branch: Branch,
  partner: ValueId | undefined,
): string[] {
  const anew = new Set(partner === undefined ? [site.id, ...term.downstream] : term.downstream);
  const faults = new Set<string>();
  for (const latent of latentSites(graph)) {
    const { id, distribution, parameters } = latent;
    const value = branch.pass.latent(id);
    if (!anew.has(id)) {
      const wanted = id === site.id ? partner : evidence.base.latent(id);
      if (value !== wanted) faults.add(`a further draw of ${site.id} is not made at the sampled values of the others`);
      continue;
    }
    const draw = branch.draws.find(({ info }) => info.of === id);
    if (draw?.value !== value || !isOwnNoise(evidence, draw.source)) {
      faults.add(`a further draw of ${site.id} is not independent of the others`);
      continue;
    }
    const here = Object.fromEntries(Object.entries(parameters).map(([name, of]) => [name, branch.pass.valueOf(of)]));
    const shape = [leadOf(latent), ...latent.elementShape];
    const expected =
      latent.order === undefined
        ? DISTRIBUTIONS[distribution].sample(builder, here, builder.reshape(draw.source, shape), shape)
        : drawInOrder(builder, graph, latent, draw.source, branch.pass.valueOf);
    if (!isSameValue(builder, value, expected)) {
      faults.add(`a further draw of ${site.id} does not come from its distribution at the sampled parents`);
    }
  }
  return [...faults];
}

/** Whether a source is a noise input that nothing else is drawn with. */
export function isOwnNoise({ builder, graph, extra }: Evidence, source: ValueId): boolean {
  const definition = builder.definition(source);
  if (!('role' in definition) || definition.role !== 'noise') return false;
  // The sampled pass draws each site with the noise of its name.
  const isSampledWith = graph.sites.some(({ id }) => id === definition.name);
  return !isSampledWith && extra.filter((draw) => draw.source === source).length === 1;
}
