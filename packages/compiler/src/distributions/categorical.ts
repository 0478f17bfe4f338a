import { parameterOf, type Distribution, type ParameterValues } from './definition.js';
import { flooredLog } from './floored-log.js';
import { at, InternalError, isBatchDim, type ProgramBuilder, type ValueId } from '@sbn/program';

/** One-hot vectors on the last axis: `categorical(logits = l)` or `categorical(probs = p)`. */
export const categorical: Distribution = {
  parameterizations: [{ names: ['logits'] }, { names: ['probs'] }],
  support: (shape) => ({ kind: 'onehot', classes: at(shape, shape.length - 1) }),
  largest: undefined,
  range: 'any',
  latent: true,
  eventAxes: 1,
  /** log p(x) = Σ_k x_k log softmax(l)_k, linear in x. */
  logProbability: (builder, value, parameters) => {
    const terms = builder.multiply(value, logProbabilities(builder, parameters));
    return builder.sum(terms, [builder.shapeOf(terms).length - 1]);
  },
  mean: (builder, parameters) => {
    const { logits } = parameters;
    if (logits !== undefined) return builder.emit('exp', [logSoftmax(builder, logits)], {});
    return parameterOf(parameters, 'probs');
  },
  /** Gumbel's trick: argmax of log p − log(−log u) has the probabilities p. */
  sample: (builder, parameters, noise, shape) => {
    const exponential = builder.negate(builder.emit('log', [noise], {}));
    const gumbel = builder.negate(builder.emit('log', [exponential], {}));
    const scores = builder.add(logProbabilities(builder, parameters), gumbel);
    return builder.emit('one_hot_argmax', [builder.broadcast(scores, shape)], {});
  },
  natural: () => undefined,
};

/** log p_k along the last axis. */
export function logProbabilities(builder: ProgramBuilder, parameters: ParameterValues): ValueId {
  const { logits } = parameters;
  return logits === undefined ? flooredLog(builder, parameterOf(parameters, 'probs')) : logSoftmax(builder, logits);
}

/** l − logsumexp(l) along the last axis, shifted by the largest logit so that nothing overflows. */
export function logSoftmax(builder: ProgramBuilder, logits: ValueId): ValueId {
  const axes = [lastAxis(builder, logits)];
  const shifted = builder.subtract(logits, shift(builder, logits, axes));
  const total = builder.sum(builder.emit('exp', [shifted], {}), axes, true);
  return builder.subtract(shifted, builder.emit('log', [total], {}));
}

/** The largest element over `axes`, kept as axes of 1, as a constant: what it is used to shift does not depend on it. */
export function shift(builder: ProgramBuilder, logits: ValueId, axes: readonly number[]): ValueId {
  return builder.emit('stop_gradient', [builder.emit('max', [logits], { axes, keep: true })], {});
}

function lastAxis(builder: ProgramBuilder, value: ValueId): number {
  const shape = builder.shapeOf(value);
  const last = shape.length - 1;
  const dim = shape[last];
  if (dim === undefined || isBatchDim(dim)) throw new InternalError('a categorical without an axis of classes');
  return last;
}
