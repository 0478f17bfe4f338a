/**
 * The conditions of an antithetic pair: the partner is drawn given x with the probability that the antithetic uniform has, all
 * that is downstream of it is drawn anew, and the logits' factor is that of `disarm.ts`.
 */
import type { ExpansionContext, SiteExpansion } from '../estimators/estimator.js';
import { emitPairFactor, emitPartnerProbability } from '../estimators/disarm.js';
import { reachedTargets } from '../reachability.js';
import { sampledDraws, type Evidence } from './evidence.js';
import { isSameValue } from './same-value.js';

export function findPairFaults(
  evidence: Evidence,
  context: ExpansionContext,
  { pair, surrogate }: SiteExpansion,
): readonly string[] {
  if (pair === undefined) return [];
  const { builder, base, instructions } = evidence;
  const { site, term } = context;
  const { partner, branch, probability, held } = pair;
  const faults: string[] = [];
  if (!isSameValue(builder, probability, emitPartnerProbability(builder, site, base))) {
    faults.push('the partner is not drawn as the antithetic uniform would have it');
  }
  const sources = branch.draws.map(({ source }) => source);
  const below = branch.draws.filter(({ info }) => info.of !== site.id).map(({ value }) => value);
  const isShared =
    new Set(sources).size < sources.length || sampledDraws(evidence, term).some((id) => sources.includes(id));
  // Through x itself the partner depends on the sampled pass, as it should.
  const others = sampledDraws(evidence, term).filter((id) => id !== base.latent(site.id));
  const isOther = ({ id }: { readonly id: number }): boolean => id !== base.latent(site.id);
  const isBound =
    others.length > 0 && below.length > 0 && reachedTargets(instructions, others, below, isOther).size > 0;
  if (isShared || isBound) faults.push(`the partner of ${site.id} shares noise with the sampled pass`);
  if (
    branch.pass.latent(site.id) !== partner.value ||
    !isSameValue(builder, held, emitPairFactor(context, partner.value, branch.pass))
  ) {
    faults.push('the factor of the logits is not half the difference of the costs of the pair, weighted');
  }
  if (reachedTargets(instructions, [held], [surrogate]).size === 0) {
    faults.push('a term of the estimator is not part of what is differentiated');
  }
  return faults;
}
