/** The sums that the signals of several sites have parts in common of: emitted for all sites at once, those downstream first. */
import { at, BATCH, type ProgramBuilder, type ValueId } from '@sbn/program';
import { sumToRows } from '../elements.js';
import type { SharedSums, Slope } from '../estimators/estimator.js';
import type { SumParts } from '../nest-sums.js';
import type { SumPlan } from '../plan-sums.js';
import type { Pass } from '../pass.js';
import { latentSites, type StochasticGraph } from '../stochastic-graph.js';
import { onceOnly } from '../once-only.js';

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
  const rowsIn = oncePerPass((pass) =>
    graph.costs.map(({ value }) => onceOnly(() => sumToRows(builder, pass.valueOf(value)))),
  );
  /** The sums of `parts`, which are those of the sites from `first` on. */
  const emitCosts = (pass: Pass, parts: readonly SumParts[], first: number): Sums => {
    const costs = rowsIn(pass);
    const sums: (ValueId | undefined)[] = [];
    for (let place = parts.length - 1; place >= 0; place -= 1) {
      const { sums: others, terms } = at(parts, place);
      sums[place] = builder.within(plan.terms[place - first]?.site ?? 'loss', () =>
        addUpParts(builder, [...terms.map((cost) => costs[cost]?.()), ...others.map((other) => sums[other])]),
      );
    }
    return sums;
  };
  const costsIn = oncePerPass((pass) => emitCosts(pass, plan.costs, 1));
  const reachedIn = oncePerPass((pass) => emitCosts(pass, plan.reached, 0));

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
    reached: (term, pass) => {
      const place = places.get(term);
      if (place === undefined) return undefined;
      return plan.reached.length === 0 ? costsIn(pass)[place + 1] : reachedIn(pass)[place];
    },
    allCosts: (pass) => at(costsIn(pass), 0) ?? builder.fill(0, [BATCH]),
    below: (term) => {
      const place = places.get(term);
      return place === undefined ? undefined : { value: residuals()[place] };
    },
  };
}

function oncePerPass<T>(compute: (pass: Pass) => T): (pass: Pass) => T {
  const known = new Map<Pass, () => T>();
  return (pass) => {
    const found = known.get(pass) ?? onceOnly(() => compute(pass));
    known.set(pass, found);
    return found();
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
