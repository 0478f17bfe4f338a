/** Which sites are to be summed out, and what is in the way of that. */
import type { Diagnostic, Outcome } from '@sbn/dsl';
import { resolveForm } from '../estimators/options.js';
import { gradientDiagnostics } from '../gradient-catalogue.js';
import { downstreamSites } from '../reachability.js';
import { latentSites, type GraphSite, type StochasticGraph } from '../stochastic-graph.js';
import { drawsPerRow, type EstimatorRequest, type TypedObjective } from '../typed-model.js';
import type { CostGroup } from './groups.js';
import { countValues, describeCount, hasFiniteSupport } from './supports.js';

/** The name after `via`. It is no entry of the table of estimators: nothing is estimated. */
export const ENUMERATE = 'enumerate';

const OPTIONS = { name: ENUMERATE, options: {}, forms: { default: {} } };

/** More joint values than this are refused: each is a pass of its own through what depends on the sites. */
export const MOST_VALUES = 512;

/** The latent sites, in topological order, that are asked to be summed out. One that no cost depends on is left for the plan to warn of. */
export function chooseSites(
  graph: StochasticGraph,
  objective: TypedObjective,
  fileRequest: EstimatorRequest | undefined,
): Outcome<readonly GraphSite[]> {
  const latents = latentSites(graph);
  const asked = latents.filter((site) => requestOf(site, fileRequest)?.name === ENUMERATE);
  if (asked.length === 0) return { value: [], diagnostics: [] };
  const below = downstreamSites(new Map(latents.map((site) => [site.id, site.parents])));
  const reachesCost = ({ id }: GraphSite): boolean => {
    const reach = [id, ...(below.get(id) ?? [])];
    return graph.costs.some(({ dependsOn }) => reach.some((site) => dependsOn.includes(site)));
  };
  const chosen = asked.filter(reachesCost);
  const diagnostics = [
    ...findOptions(chosen, fileRequest),
    ...chosen.filter((site) => !hasFiniteSupport(site)).map(reportInfinite),
    ...findDrawnBelow(latents, chosen, fileRequest),
    ...(drawsPerRow(objective) !== undefined ? chosen.map(reportDraws) : findTogether(graph, chosen)),
  ];
  return { value: diagnostics.length === 0 ? chosen : undefined, diagnostics };
}

function requestOf({ typed }: GraphSite, fileRequest: EstimatorRequest | undefined): EstimatorRequest | undefined {
  return typed.via ?? fileRequest;
}

function findOptions(chosen: readonly GraphSite[], fileRequest: EstimatorRequest | undefined): readonly Diagnostic[] {
  const requests = new Set(chosen.flatMap((site) => requestOf(site, fileRequest) ?? []));
  return [...requests].flatMap((request) => resolveForm(request, OPTIONS).diagnostics);
}

function reportInfinite({ id, typed, distribution }: GraphSite): Diagnostic {
  return gradientDiagnostics.report('SBN4008', { site: id, distribution }, typed.span);
}

/** Drawn sites that depend on a summed-out one directly, told once for the lowest of those. One that no cost depends on is not summed out, asked for or not. */
function findDrawnBelow(
  latents: readonly GraphSite[],
  chosen: readonly GraphSite[],
  fileRequest: EstimatorRequest | undefined,
): readonly Diagnostic[] {
  const drawn = latents.filter((site) => !chosen.includes(site));
  const lowest = new Map(drawn.map((site) => [site, chosen.findLast(({ id }) => site.parents.includes(id))]));
  return chosen.flatMap((site) => {
    const [first, ...others] = drawn.filter((child) => lowest.get(child) === site);
    if (first === undefined) return [];
    const related = [{ span: site.typed.span, text: `\`${site.id}\` is summed out` }];
    const parameters = {
      drawn: [first, ...others].map(({ id }) => id),
      site: site.id,
      values: hasFiniteSupport(site) ? describeCount(site) : undefined,
    };
    const idle = [first, ...others].filter((child) => requestOf(child, fileRequest)?.name === ENUMERATE);
    const names = idle.map(({ id }) => `\`${id}\``).join(', ');
    const hint = idle.length === 0 ? {} : { hint: `leave out ${names}, on which no cost depends` };
    return [gradientDiagnostics.report('SBN4006', parameters, first.typed.span, { related, ...hint })];
  });
}

function reportDraws({ id, typed }: GraphSite): Diagnostic {
  return gradientDiagnostics.report('SBN4012', { site: id }, typed.span);
}

/** Sites in plates whose elements would have to be summed out together, as something depends on more than one of them. */
function findTogether({ costs, reach }: StochasticGraph, chosen: readonly GraphSite[]): readonly Diagnostic[] {
  return chosen.flatMap((site) => {
    const own = reach.get(site.id);
    const cost = costs.find(({ name }) => (own?.costs.get(name) ?? site.elements) !== site.elements);
    if (cost === undefined) return [];
    return [gradientDiagnostics.report('SBN4009', { site: site.id, cost: cost.name }, site.typed.span)];
  });
}

/** Groups whose sites are in different plates: inside of a logarithm, a sum over one would stand in a product over the other. */
export function findNested(groups: readonly CostGroup[]): readonly Diagnostic[] {
  return groups.flatMap(({ sites }) => {
    const [first] = sites;
    const other = sites.find(({ elements }) => elements !== first?.elements);
    if (first === undefined || other === undefined) return [];
    const related = [{ span: first.typed.span, text: `\`${first.id}\` is summed out` }];
    return [gradientDiagnostics.report('SBN4011', { site: other.id, other: first.id }, other.typed.span, { related })];
  });
}

/** Sites that take too many values by themselves; else the needed sets of sites that take too many together. */
export function findTooMany(chosen: readonly GraphSite[], groups: readonly CostGroup[]): readonly Diagnostic[] {
  const large = chosen.filter((site) => countValues(site) > MOST_VALUES);
  if (large.length > 0) return large.map((site) => reportTooMany([site]));
  const reported = new Set<GraphSite>();
  return groups.flatMap(({ sites }) => {
    if (countValues(...sites) <= MOST_VALUES || sites.some((site) => reported.has(site))) return [];
    for (const site of sites) reported.add(site);
    return [reportTooMany(sites)];
  });
}

function reportTooMany(sites: readonly GraphSite[]): Diagnostic {
  const parameters = { sites: sites.map(({ id }) => id), values: describeCount(...sites), most: String(MOST_VALUES) };
  const [first, ...others] = sites;
  const related = others.map(({ id, typed }) => ({ span: typed.span, text: `\`${id}\`` }));
  return gradientDiagnostics.report('SBN4007', parameters, first?.typed.span ?? { start: 0, end: 0 }, { related });
}
