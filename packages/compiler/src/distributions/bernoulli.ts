import type { Distribution, ParameterValues } from './definition.js';
import { InternalError, type ProgramBuilder, type ValueId } from '@sbn/program';

/** Smallest probability that is told from 0, so that `probs` of exactly 0 or 1 stay finite in float32. */
const TINY = 1e-30;

/** Independent coins: `bernoulli(logits = l)` or `bernoulli(probs = p)`, values 0 and 1. */
export const bernoulli: Distribution = {
  parameterizations: [{ names: ['logits'] }, { names: ['probs'] }],
  support: () => ({ kind: 'binary' }),
  latent: true,
  eventAxes: 0,
  /** log p(x) = x·l − softplus(l), linear in x. */
  logProbability: (builder, value, parameters) => {
    const { logits, probs } = parameters;
    if (logits !== undefined) {
      const linear = builder.multiply(value, logits);
      return builder.subtract(linear, builder.emit('softplus', [logits], {}));
    }
    const p = expectParameter(probs);
    const one = builder.constant(1);
    const success = builder.multiply(value, logOf(builder, p));
    const failure = builder.multiply(builder.subtract(one, value), logOf(builder, builder.subtract(one, p)));
    return builder.add(success, failure);
  },
  mean: probability,
  sample: (builder, parameters, noise) => builder.emit('less', [noise, probability(builder, parameters)], {}),
};

function probability(builder: ProgramBuilder, { logits, probs }: ParameterValues): ValueId {
  return logits === undefined ? expectParameter(probs) : builder.emit('sigmoid', [logits], {});
}

function logOf(builder: ProgramBuilder, p: ValueId): ValueId {
  return builder.emit('log', [builder.emit('maximum', [p, builder.constant(TINY)], {})], {});
}

function expectParameter(value: ValueId | undefined): ValueId {
  if (value === undefined) throw new InternalError('a Bernoulli site without parameters');
  return value;
}
