/** Estimators that draw a Bernoulli site twice, gone wrong, one mistake each. */
import {
  emitLogits,
  emitPairFactor,
  emitPartnerProbability,
  emitPass,
  NO_EXPANSION,
  sumOfCosts,
  weightScore,
  type Branch,
  type Estimator,
  type ExpansionContext,
  type ExtraDraw,
  type Pass,
  type SiteExpansion,
} from '@sbn/compiler';
import { BATCH, type ValueId } from '@sbn/program';
import { mutant } from './mutant.js';

/** Two draws, each the baseline of the other, but for the mutation. */
interface TwoDraws {
  readonly second?: (context: ExpansionContext) => Branch;
  /** Of the two signals, the baseline of the one at `own`. */
  readonly baseline?: (context: ExpansionContext, signals: readonly ValueId[], own: number) => ValueId;
  /** The draw whose score the second signal weighs. */
  readonly scored?: 'first';
  /** What the sum over the draws is multiplied by. */
  readonly share?: number;
}

const TWO_DRAWS = {
  right_leave_one_out: {},
  leave_one_out_with_the_draw_itself: {
    baseline: ({ builder }, signals) =>
      builder.multiply(
        builder.constant(0.5),
        signals.reduce((sum, signal) => builder.add(sum, signal)),
      ),
  },
  same_noise_for_both_draws: { second: (context) => context.draws.following('second', sampledAgain(context)) },
  antithetic_second_draw: {
    second: (context) =>
      context.draws.following(
        'second',
        drawBy(context, emitPartnerProbability(context.builder, context.site, context.base)),
      ),
  },
  second_draw_at_the_mean_field: {
    second: (context) => context.draws.following('second', drawBy(context, context.trunk().valueOf(context.site.mean))),
  },
  descendants_of_the_first_draw: {
    second: (context) => keepDescendants(context, drawBy(context, context.base.valueOf(context.site.mean))),
  },
  score_of_the_other_draw: { scored: 'first' },
  sum_over_the_draws: { share: 1 },
} as const satisfies Readonly<Record<string, TwoDraws>>;

/**
 * With noise that another site is drawn with. In the enumeration draws are values beside their probabilities, and noise has no part: it is
 * for the judge alone.
 */
const SHARED_NOISE = {
  noise_of_the_parent: { second: (context) => drawWithNoiseOf(context, context.site.parents[0] ?? context.site.id) },
} as const satisfies Readonly<Record<string, TwoDraws>>;

/** DisARM, but for the mutation. */
interface Pair {
  /** Of the partner to be 1. */
  readonly probability?: (context: ExpansionContext) => ValueId;
  /** Where the partner is not drawn by that. */
  readonly drawnBy?: (context: ExpansionContext) => ValueId;
  readonly branch?: (context: ExpansionContext, partner: ExtraDraw) => Branch;
  /** The factor of the logits, before its gradient is stopped. */
  readonly factor?: (context: ExpansionContext, right: ValueId, partner: ValueId) => ValueId;
  readonly logits?: (context: ExpansionContext) => ValueId;
}

const meanOf = ({ base, site }: ExpansionContext): ValueId => base.valueOf(site.mean);

const PAIRS = {
  right_pair: {},
  pair_weighted_by_the_mean: {
    factor: (context, right) => {
      const { builder } = context;
      const p = meanOf(context);
      const larger = builder.emit('maximum', [p, builder.subtract(builder.constant(1), p)], {});
      return builder.multiply(right, builder.divide(p, larger));
    },
  },
  pair_without_its_half: { factor: ({ builder }, right) => builder.multiply(builder.constant(2), right) },
  pair_of_the_wrong_sign: { factor: ({ builder }, right) => builder.negate(right) },
  independent_partner: { probability: meanOf },
  partner_not_drawn_as_told: { drawnBy: meanOf },
  partner_of_the_complement: {
    probability: (context) => {
      const { builder, base, site } = context;
      const right = emitPartnerProbability(builder, site, base);
      return builder.subtract(builder.constant(1), right);
    },
  },
  partner_with_the_same_descendants: { branch: keepDescendants },
  logits_of_the_mean_field: { logits: (context) => emitLogits(context.builder, context.site, context.trunk()) },
} as const satisfies Readonly<Record<string, Pair>>;

const ALL: readonly Estimator[] = [
  ...Object.entries({ ...TWO_DRAWS, ...SHARED_NOISE }).map(([name, mutation]) =>
    mutant(name, (context) => expandTwoDraws(context, mutation)),
  ),
  ...Object.entries(PAIRS).map(([name, mutation]) => mutant(name, (context) => expandPair(context, mutation))),
];

export const RIGHT_DRAWS = ALL.filter(({ name }) => name.startsWith('right_'));
export const WRONG_DRAWS = ALL.filter(({ name }) => !name.startsWith('right_') && !(name in SHARED_NOISE));
export const SHARED_NOISE_DRAWS = ALL.filter(({ name }) => name in SHARED_NOISE);

function drawBy({ draws }: ExpansionContext, probs: ValueId): ExtraDraw {
  return draws.draw('other', 'bernoulli', { probs });
}

function drawWithNoiseOf(context: ExpansionContext, noise: string): Branch {
  const { builder, graph, site, base, term } = context;
  const anew = new Set([site.id, ...term.downstream]);
  const pass = emitPass(
    builder,
    graph,
    'shared',
    ({ id }) =>
      id === site.id
        ? { kind: 'sampled', noise }
        : anew.has(id)
          ? { kind: 'sampled', noise: `${id}.shared` }
          : { kind: 'base' },
    base,
  );
  const draws = [...anew].map((id) => {
    const value = pass.latent(id);
    const { shape } = site.typed.type;
    const source = builder.input('noise', id === site.id ? noise : `${id}.shared`, [BATCH, ...shape]);
    const info = { name: `${id}.shared`, kind: 'value', site: site.id, of: id, shape } as const;
    return { info, value, source, logProbability: undefined };
  });
  return { pass, draws };
}

function sampledAgain({ base, site }: ExpansionContext): ExtraDraw {
  const value = base.latent(site.id);
  const info = { name: site.id, kind: 'value', site: site.id, of: site.id, shape: site.typed.type.shape } as const;
  return { info, value, source: value, logProbability: undefined };
}

/** The pass in which the site has another value, and what is downstream keeps the one that it was drawn with. */
function keepDescendants({ builder, graph, site, base }: ExpansionContext, first: ExtraDraw): Branch {
  const pass = emitPass(
    builder,
    graph,
    'kept',
    ({ id }) => (id === site.id ? { kind: 'value', value: first.value } : { kind: 'base' }),
    base,
  );
  return { pass, draws: [first] };
}

function expandTwoDraws(context: ExpansionContext, { second, baseline, scored, share = 0.5 }: TwoDraws): SiteExpansion {
  const { builder, site, base, draws } = context;
  const branch = second?.(context) ?? draws.again('second');
  const passes: readonly Pass[] = [base, branch.pass];
  const signals = passes.map((pass) => sumOfCosts(context, pass));
  const terms = signals.map((signal, own) => {
    const other = baseline?.(context, signals, own) ?? signals[1 - own];
    const pass = scored === 'first' ? base : passes[own];
    const { held, weighted } = weightScore(context, signal, { baseline: other, scale: undefined }, undefined, pass);
    const score = { branch: own === 0 ? undefined : branch, signal, baseline: other, curvature: undefined, held };
    return { score, weighted };
  });
  const sum = terms.map(({ weighted }) => weighted).reduce((total, weighted) => builder.add(total, weighted));
  return {
    ...NO_EXPANSION,
    site: site.id,
    scores: terms.map(({ score }) => score),
    passes: [branch.pass],
    surrogate: builder.multiply(builder.constant(share), sum),
  };
}

function expandPair(context: ExpansionContext, mutation: Pair): SiteExpansion {
  const { builder, site, base, draws } = context;
  const probability = mutation.probability?.(context) ?? emitPartnerProbability(builder, site, base);
  const partner = drawBy(context, mutation.drawnBy?.(context) ?? probability);
  const branch = mutation.branch?.(context, partner) ?? draws.following('other', partner);
  const right = emitPairFactor(context, partner.value, branch.pass);
  const factor = mutation.factor?.(context, right, partner.value);
  const held = factor === undefined ? right : builder.emit('stop_gradient', [factor], {});
  const logits = mutation.logits?.(context) ?? emitLogits(builder, site, base);
  return {
    ...NO_EXPANSION,
    site: site.id,
    pair: { partner, branch, probability, held },
    passes: [branch.pass],
    statistic: held,
    surrogate: builder.sumEvent(builder.multiply(held, logits)),
  };
}
