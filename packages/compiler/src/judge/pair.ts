/**
 * The conditions of an antithetic pair: the partner is drawn given x with the probability that the antithetic uniform has, and the
 * logits' factor is that of `disarm.ts`. What is downstream of it is drawn anew as in any branch (`branches.ts`).
 */
import { DISTRIBUTIONS } from '../distributions/index.js';
import { leadOf } from '../elements.js';
import type { ExpansionContext, SiteExpansion } from '../estimators/estimator.js';
import { emitPairFactor, emitPartnerProbability } from '../estimators/disarm.js';
import { isOwnNoise } from './branches.js';
import type { Evidence } from './evidence.js';
import { isSameValue } from './same-value.js';

export function findPairFaults(
  evidence: Evidence,
  context: ExpansionContext,
  { pair }: SiteExpansion,
): readonly string[] {
  if (pair === undefined) return [];
  const { builder, base } = evidence;
  const { site } = context;
  const { partner, branch, probability, held } = pair;
  const faults: string[] = [];
  const shape = [leadOf(site), ...site.elementShape];
  const noise = builder.reshape(partner.source, shape);
  const drawn = DISTRIBUTIONS.bernoulli.sample(builder, { probs: probability }, noise, shape);
  if (
    !isSameValue(builder, partner.value, drawn) ||
    !isOwnNoise(evidence, partner.source) ||
    !isSameValue(builder, probability, emitPartnerProbability(builder, site, base))
  ) {
    faults.push('the partner is not drawn as the antithetic uniform would have it');
  }
  if (!isSameValue(builder, held, emitPairFactor(context, partner.value, branch.pass))) {
    faults.push('the factor of the logits is not half the difference of the costs of the pair, weighted');
  }
  return faults;
}
