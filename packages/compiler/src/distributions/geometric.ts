import { parameterOf, type Distribution, type ParameterValues } from './definition.js';
import { floored, flooredLog, flooredLogComplement } from './floored-log.js';
import type { ProgramBuilder, ValueId } from '@sbn/program';

/** Failures before the first success: `geometric(probs = p)` or `geometric(logits = l)`, values 0, 1, 2, … */
export const geometric: Distribution = {
  parameterizations: [{ names: ['probs'] }, { names: ['logits'] }],
  support: () => ({ kind: 'count' }),
  largest: undefined,
  range: 'any',
  latent: true,
  eventAxes: 0,
  /** log p(x) = log p + x·log(1 − p), linear in x. */
  logProbability: (builder, value, parameters) =>
    builder.add(logSuccess(builder, parameters), builder.multiply(value, logFailure(builder, parameters))),
  /** (1 − p)/p = e^−l */
  mean,
  sample: (builder, parameters, noise) =>
    builder.emit('count_quantile', [noise, logSuccess(builder, parameters), builder.constant(0)], {}),
  /** η = log(1 − p), and E[δ³]/E[δ²] = (2 − p)/p = 1 + 2 E[x] */
  natural: (builder, parameters) => {
    const twice = builder.multiply(builder.constant(2), mean(builder, parameters));
    return { parameter: logFailure(builder, parameters), skew: builder.add(builder.constant(1), twice) };
  },
};

function mean(builder: ProgramBuilder, parameters: ParameterValues): ValueId {
  const { logits } = parameters;
  if (logits !== undefined) return builder.emit('exp', [builder.negate(logits)], {});
  const p = parameterOf(parameters, 'probs');
  return builder.divide(builder.subtract(builder.constant(1), p), floored(builder, p));
}

function logSuccess(builder: ProgramBuilder, parameters: ParameterValues): ValueId {
  const { logits } = parameters;
  if (logits === undefined) return flooredLog(builder, parameterOf(parameters, 'probs'));
  return builder.negate(builder.emit('softplus', [builder.negate(logits)], {}));
}

function logFailure(builder: ProgramBuilder, parameters: ParameterValues): ValueId {
  const { logits } = parameters;
  if (logits === undefined) return flooredLogComplement(builder, parameterOf(parameters, 'probs'));
  return builder.negate(builder.emit('softplus', [logits], {}));
}
