import { categorical, logProbabilities } from './categorical.js';
import { parameterOf, type Distribution } from './definition.js';
import { logGamma } from './log-gamma.js';
import type { ValueId } from '@sbn/program';

/** How often each class was chosen in n independent choices: `multinomial(trials = n, logits = l)`, or with `probs`; classes are the last axis. */
export const multinomial: Distribution = {
  parameterizations: [{ names: ['trials', 'logits'] }, { names: ['trials', 'probs'] }],
  support: () => ({ kind: 'count' }),
  largest: 'trials',
  range: 'total',
  latent: false,
  eventAxes: 1,
  /** log p(x) = log Γ(n + 1) + Σ_k (x_k log p_k − log Γ(x_k + 1)) */
  logProbability: (builder, value, parameters) => {
    const logFactorial = (count: ValueId): ValueId => logGamma(builder, builder.add(count, builder.constant(1)));
    const terms = builder.subtract(builder.multiply(value, logProbabilities(builder, parameters)), logFactorial(value));
    const perDraw = builder.sum(terms, [builder.shapeOf(terms).length - 1]);
    const trials = parameterOf(parameters, 'trials');
    return builder.add(
      logFactorial(
        builder.sum(
          trials,
          builder.shapeOf(trials).map((_, axis) => axis),
        ),
      ),
      perDraw,
    );
  },
  mean: (builder, parameters) =>
    builder.multiply(parameterOf(parameters, 'trials'), categorical.mean(builder, parameters)),
  /** One binomial after the other: given the classes before it, a count is binomial in the choices that are left. */
  sample: (builder, parameters, noise) => {
    const probabilities = categorical.mean(builder, parameters);
    return builder.emit('multinomial_draw', [noise, probabilities, parameterOf(parameters, 'trials')], {});
  },
  natural: () => undefined,
};
