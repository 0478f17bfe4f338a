import { parameterOf, type Distribution } from './definition.js';
import { naturalLogit, probability } from './success.js';
import { flooredLog, flooredLogComplement } from './floored-log.js';

/** Independent coins: `bernoulli(logits = l)` or `bernoulli(probs = p)`, values 0 and 1. */
export const bernoulli: Distribution = {
  parameterizations: [{ names: ['logits'] }, { names: ['probs'] }],
  support: () => ({ kind: 'binary' }),
  largest: undefined,
  range: 'any',
  latent: true,
  eventAxes: 0,
  /** log p(x) = x·l − softplus(l), linear in x. */
  logProbability: (builder, value, parameters) => {
    const { logits } = parameters;
    if (logits !== undefined) {
      const linear = builder.multiply(value, logits);
      return builder.subtract(linear, builder.emit('softplus', [logits], {}));
    }
    const p = parameterOf(parameters, 'probs');
    const failures = builder.subtract(builder.constant(1), value);
    const success = builder.multiply(value, flooredLog(builder, p));
    const failure = builder.multiply(failures, flooredLogComplement(builder, p));
    return builder.add(success, failure);
  },
  mean: probability,
  sample: (builder, parameters, noise) => builder.emit('less', [noise, probability(builder, parameters)], {}),
  natural: naturalLogit,
};
