import { parameterOf, type Distribution } from './definition.js';

/** Waiting times, `exponential(rate = λ)`: data from 0 on. */
export const exponential: Distribution = {
  parameterizations: [{ names: ['rate'] }],
  support: () => ({ kind: 'real' }),
  largest: undefined,
  range: 'non_negative',
  latent: false,
  eventAxes: 0,
  /** log p(x) = log λ − λx */
  logProbability: (builder, value, parameters) => {
    const rate = parameterOf(parameters, 'rate');
    return builder.subtract(builder.emit('log', [rate], {}), builder.multiply(rate, value));
  },
  mean: (builder, parameters) => builder.emit('reciprocal', [parameterOf(parameters, 'rate')], {}),
  /** −log u / λ: 1 − u is as uniform as u. */
  sample: (builder, parameters, noise) =>
    builder.divide(builder.negate(builder.emit('log', [noise], {})), parameterOf(parameters, 'rate')),
  natural: () => undefined,
};
