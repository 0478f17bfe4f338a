/**
 * DisARM (Dong, Mnih, Tucker 2020, Eq. 9), found independently as U2G (Yin, Ho, Yan, Qian, Zhou 2020): each draw has an antithetic
 * partner, x = 1[u < σ(l)] and x̃ = 1[1 − u < σ(l)], and a unit of logit l learns from the difference of their costs,
 *
 *     ½ (F(x) − F(x̃)) · (−1)^x̃ · 1[x ≠ x̃] · σ(|l|),
 *
 * which is the expectation of ARM's estimator given the pair. No expansion, no baseline. Costs of both are taken with everything
 * downstream drawn anew.
 *
 * The partner is drawn given x: P(x̃ = 1 | x = 1) = max(0, 2p − 1)/p and P(x̃ = 1 | x = 0) = min(1, p/(1 − p)).
 */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import { floored, flooredLog, flooredLogComplement } from '../distributions/floored-log.js';
import type { Pass } from '../pass.js';
import type { GraphSite } from '../stochastic-graph.js';
import { NO_EXPANSION, type Estimator, type ExpansionContext, type SiteExpansion } from './estimator.js';
import { alignWithUnits, sumOfCosts } from './score.js';
import { planFor } from './unserved.js';

export const disarm: Estimator = {
  name: 'disarm',
  relaxes: false,
  assumesIndependence: true,
  plan: (context) =>
    planFor(context, { name: 'disarm', options: {}, forms: { default: { costs: 'local' } } }, ['bernoulli']),
  describe: ({ form }) => `${form['costs'] ?? ''}; antithetic pair`,
  expand: expandDisarm,
};

function expandDisarm(context: ExpansionContext): SiteExpansion {
  const { builder, site, base, draws } = context;
  const probability = emitPartnerProbability(builder, site, base);
  const partner = draws.draw('partner', 'bernoulli', { probs: probability });
  const branch = draws.following('partner', partner);
  const held = emitPairFactor(context, partner.value, branch.pass);
  return {
    ...NO_EXPANSION,
    site: site.id,
    pair: { partner, branch, probability, held },
    passes: [branch.pass],
    statistic: held,
    surrogate: builder.sumEvent(builder.multiply(held, emitLogits(builder, site, base))),
  };
}

/** P(x̃ = 1 | x) of each unit. */
export function emitPartnerProbability(builder: ProgramBuilder, site: GraphSite, base: Pass): ValueId {
  const one = builder.constant(1);
  const zero = builder.constant(0);
  const p = base.valueOf(site.mean);
  const failure = builder.subtract(one, p);
  const both = builder.emit('maximum', [builder.subtract(p, failure), zero], {});
  const afterSuccess = builder.divide(both, floored(builder, p));
  const afterFailure = builder.emit('minimum', [builder.divide(p, floored(builder, failure)), one], {});
  return builder.emit('select', [base.latent(site.id), afterSuccess, afterFailure], {});
}

/** The factor of the logits, with its gradient stopped. */
export function emitPairFactor(context: ExpansionContext, partner: ValueId, branch: Pass): ValueId {
  const { builder, site, base } = context;
  const difference = builder.subtract(sumOfCosts(context, base), sumOfCosts(context, branch));
  // x − x̃ is (−1)^x̃ where the two differ, and 0 where they do not; σ(|l|) = max(p, 1 − p).
  const sign = builder.subtract(base.latent(site.id), partner);
  const p = base.valueOf(site.mean);
  const larger = builder.emit('maximum', [p, builder.subtract(builder.constant(1), p)], {});
  const weight = builder.multiply(builder.constant(0.5), builder.multiply(sign, larger));
  const factor = builder.multiply(alignWithUnits(builder, difference, weight), weight);
  return builder.emit('stop_gradient', [factor], {});
}

/** The logits of the site, also where it is given probabilities. */
export function emitLogits(builder: ProgramBuilder, site: GraphSite, base: Pass): ValueId {
  const { logits } = site.parameters;
  if (logits !== undefined) return base.valueOf(logits);
  const p = base.valueOf(site.mean);
  return builder.subtract(flooredLog(builder, p), flooredLogComplement(builder, p));
}
