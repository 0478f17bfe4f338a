import { parameterOf, type Distribution, type ParameterValues } from './definition.js';
import { flooredLog } from './floored-log.js';
import { logGamma } from './log-gamma.js';
import type { ProgramBuilder, ValueId } from '@sbn/program';

/** Independent counts without an end: `poisson(rate = λ)` or `poisson(log_rate = η)`, with λ = e^η. */
export const poisson: Distribution = {
  parameterizations: [{ names: ['rate'] }, { names: ['log_rate'] }],
  support: () => ({ kind: 'count' }),
  largest: undefined,
  range: 'any',
  latent: true,
  eventAxes: 0,
  /** log p(x) = x·η − λ − log Γ(x + 1) */
  logProbability: (builder, value, parameters) => {
    const linear = builder.subtract(builder.multiply(value, logRate(builder, parameters)), rate(builder, parameters));
    return builder.subtract(linear, logGamma(builder, builder.add(value, builder.constant(1))));
  },
  mean: rate,
  sample: (builder, parameters, noise) =>
    builder.emit('count_quantile', [noise, builder.constant(0), rate(builder, parameters)], {}),
  natural: (builder, parameters) => ({ parameter: logRate(builder, parameters), skew: builder.constant(1) }),
};

function rate(builder: ProgramBuilder, parameters: ParameterValues): ValueId {
  const { log_rate: logarithm } = parameters;
  return logarithm === undefined ? parameterOf(parameters, 'rate') : builder.emit('exp', [logarithm], {});
}

function logRate(builder: ProgramBuilder, parameters: ParameterValues): ValueId {
  return parameters['log_rate'] ?? flooredLog(builder, parameterOf(parameters, 'rate'));
}
