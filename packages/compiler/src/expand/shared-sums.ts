/** The sums that the signals of several sites have parts in common of: emitted for all sites at once, those downstream first. */
import { at, BATCH, type ProgramBuilder, type ValueId } from '@sbn/program';
import { sumToRows } from '../elements.js';
import type { SharedSums, Slope } from '../estimators/estimator.js';
import type { SumPlan } from '../plan-sums.js';
import type { Pass } from '../pass.js';
import { latentSites, type StochasticGraph } from '../stochastic-graph.js';
import { onceOnly } from './once-only.js';

/** `base` is the sampled pass, and `slopes` are those of the trunk. */
export function shareSums(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  plan: SumPlan,
  base: Pass,
  slopes: () => ReadonlyMap<string, ValueId>,
): SharedSums {
  const places = new Map(plan.terms.map((term, place) => [term, place]));
  const latents = latentSites(graph);
  const costsByPass = new Map<Pass, Sums>();
  const costsIn = (pass: Pass): Sums => {
    const known = costsByPass.get(pass);
    if (known !== undefined) return known;
    const costs = graph.costs.map(({ value }) => onceOnly(() => sumToRows(builder, pass.valueOf(value))));
    const sums: (ValueId | undefined)[] = [];
    plan.costs.forEach(() => sums.push(undefined));
    for (let place = plan.costs.length - 1; place >= 0; place -= 1) {
      const parts = at(plan.costs, place);
      sums[place] = builder.within(plan.terms[place - 1]?.site ?? 'loss', () =>
        addUpParts(builder, [...parts.terms.map((cost) => costs[cost]?.()), ...parts.sums.map((other) => sums[other])]),
      );
    }
    costsByPass.set(pass, sums);
    return sums;
  };

  /** g_kᵀ(x_k − μ_k(pa_k)) of each site. */
  const linear = latents.map((site) =>
    onceOnly(() => {
      const slope = slopes().get(site.id);
      if (slope === undefined) return undefined;
      const step = builder.subtract(base.latent(site.id), base.valueOf(site.mean));
      return sumToRows(builder, builder.sumEvent(builder.multiply(slope, step)));
    }),
  );
  const residuals = onceOnly((): Sums => {
    const own = new Map(latents.map(({ id }, place) => [id, place]));
    const below: (ValueId | undefined)[] = [];
    const withOwn: (ValueId | undefined)[] = [];
    for (let place = plan.below.length - 1; place >= 0; place -= 1) {
      const { site } = at(plan.terms, place);
      const { sums, terms } = at(plan.below, place);
      builder.within(site, () => {
        const others = terms.filter((other) => other !== own.get(site)).map((other) => linear[other]?.());
        below[place] = addUpParts(builder, [...others, ...sums.map((other) => withOwn[other])]);
        withOwn[place] = addUpParts(builder, [linear[own.get(site) ?? -1]?.(), below[place]]);
      });
    }
    return below;
  });

  const slopesByLevel = new Map<number, ReadonlyMap<string, Slope>>();
  const slopesAt = (level: number): ReadonlyMap<string, Slope> => {
    const known = slopesByLevel.get(level);
    if (known !== undefined) return known;
    const made = new Map([...slopes()].map(([site, value]) => [site, { site, value, level }]));
    slopesByLevel.set(level, made);
    return made;
  };

  return {
    slopes: slopesAt,
    costs: (term, pass) => {
      const place = places.get(term);
      return place === undefined ? undefined : costsIn(pass)[place + 1];
    },
    allCosts: (pass) => at(costsIn(pass), 0) ?? builder.fill(0, [BATCH]),
    below: (term) => {
      const place = places.get(term);
      return place === undefined ? undefined : { value: residuals()[place] };
    },
  };
}

/** By place in the plan; `undefined` for a sum of nothing. */
type Sums = readonly (ValueId | undefined)[];

function addUpParts(builder: ProgramBuilder, values: Sums): ValueId | undefined {
  return values.reduce(
    (sum, value) => (sum === undefined ? value : value === undefined ? sum : builder.add(sum, value)),
    undefined,
  );
}
