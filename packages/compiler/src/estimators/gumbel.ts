/**
 * Straight-through Gumbel-softmax (Jang, Gu, Poole 2017; Maddison, Mnih, Teh 2017): the draw x = argmax(l + G) goes forward, the
 * derivative of its relaxation z = softmax((l + G)/τ) comes back; for a Bernoulli z = σ((l + L)/τ) with L logistic.
 * Biased; less so at low temperatures, where its variance grows.
 *
 * The perturbations are drawn given x, which gives the pair (x, z) the distribution that it has when they come first: one
 * more uniform per element, with the draw's own noise left alone.
 */
import type { ValueId } from '@sbn/program';
import { floored, flooredLog } from '../distributions/floored-log.js';
import { logSoftmax } from '../distributions/categorical.js';
import { NO_EXPANSION, type Estimator, type ExpansionContext, type SiteExpansion } from './estimator.js';
import { emitStraightSlope } from './straight-slope.js';
import { planFor } from './unserved.js';

export const gumbel: Estimator = {
  name: 'gumbel',
  relaxes: true,
  assumesIndependence: true,
  plan: (context) =>
    planFor(
      context,
      {
        name: 'gumbel',
        options: { temperature: { least: 0.01, most: 100, whole: false } },
        forms: { default: { costs: 'local', temperature: '1' } },
        positional: ['temperature'],
      },
      ['bernoulli', 'categorical'],
    ),
  describe: ({ form }) => `straight-through Gumbel-softmax, temperature ${form['temperature'] ?? ''}`,
  expand: expandGumbel,
};

function expandGumbel(context: ExpansionContext): SiteExpansion {
  const { builder, site, term, draws } = context;
  const { value: uniform } = draws.uniform('relaxation');
  const temperature = builder.constant(Number(term.form['temperature']));
  const relaxed =
    site.distribution === 'bernoulli'
      ? relaxBernoulli(context, uniform, temperature)
      : relaxCategorical(context, uniform, temperature);
  const slope = emitStraightSlope(context);
  const held = builder.emit('stop_gradient', [slope ?? builder.constant(0)], {});
  return {
    ...NO_EXPANSION,
    site: site.id,
    bias: 'the slope at the draw is taken for the difference between draws',
    slopes: slope === undefined ? [] : [{ site: site.id, value: slope, level: 1 }],
    surrogate: builder.sumEvent(builder.multiply(held, relaxed)),
  };
}

/** u given x is uniform below p, or above it: l + logit(u′) > 0 where u′ = 1 − u > 1 − p, that is where x = 1. */
function relaxBernoulli({ builder, site, base }: ExpansionContext, v: ValueId, temperature: ValueId): ValueId {
  const stop = (value: ValueId): ValueId => builder.emit('stop_gradient', [value], {});
  const one = builder.constant(1);
  const p = stop(base.valueOf(site.mean));
  const below = builder.multiply(v, p);
  const above = builder.add(p, builder.multiply(v, builder.subtract(one, p)));
  const u = builder.emit('select', [base.latent(site.id), below, above], {});
  const logOf = (value: ValueId): ValueId => flooredLog(builder, value);
  const logistic = builder.subtract(logOf(builder.subtract(one, u)), logOf(u));
  const { logits, probs } = site.parameters;
  const logit =
    logits !== undefined
      ? base.valueOf(logits)
      : builder.subtract(
          logOf(base.valueOf(probs ?? site.mean)),
          logOf(builder.subtract(one, base.valueOf(probs ?? site.mean))),
        );
  const perturbed = builder.divide(builder.add(logit, stop(logistic)), temperature);
  return builder.emit('sigmoid', [perturbed], {});
}

/**
 * With E_j ~ Exp(p_j) the argmin has the probabilities p, and the smallest is Exp(1); given that it is k, the others are
 * E_k + Exp(p_j). The Gumbel G_j is −log E_j − log p_j.
 */
function relaxCategorical({ builder, site, base }: ExpansionContext, v: ValueId, temperature: ValueId): ValueId {
  const last = builder.shapeOf(v).length - 1;
  const logsOf = (value: ValueId): ValueId => flooredLog(builder, value);
  const draw = base.latent(site.id);
  const exponential = builder.negate(logsOf(v));
  const smallest = builder.sum(builder.multiply(draw, exponential), [last], true);
  const p = base.valueOf(site.mean);
  const floor = floored(builder, p);
  const rest = builder.add(smallest, builder.divide(exponential, floor));
  const times = builder.emit('select', [draw, builder.broadcast(smallest, builder.shapeOf(rest)), rest], {});
  const noise = builder.negate(builder.add(logsOf(times), logsOf(floor)));
  const perturbation = builder.emit('stop_gradient', [noise], {});
  const { logits } = site.parameters;
  const logs = logits === undefined ? logsOf(p) : logSoftmax(builder, base.valueOf(logits));
  const scaled = builder.divide(builder.add(logs, perturbation), temperature);
  return builder.emit('exp', [logSoftmax(builder, scaled)], {});
}
