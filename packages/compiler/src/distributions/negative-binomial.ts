import { parameterOf, type Distribution, type ParameterValues } from './definition.js';
import { floored } from './floored-log.js';
import { HALF_LOG_TWO_PI, logExcess, stirlingRemainder } from './log-gamma.js';
import type { ProgramBuilder, ValueId } from '@sbn/program';

/**
 * Counts that vary more than a Poisson's: `negative_binomial(mean = m, concentration = r)`, of variance m + m²/r, a Poisson whose
 * rate is gamma distributed with concentration r. Or the failures before the r-th success, as `geometric` counts them before the
 * first: `negative_binomial(concentration = r, probs = p)` or with `logits`. r need not be whole.
 */
export const negativeBinomial: Distribution = {
  parameterizations: [
    { names: ['mean', 'concentration'] },
    { names: ['concentration', 'probs'] },
    { names: ['concentration', 'logits'] },
  ],
  support: () => ({ kind: 'count' }),
  largest: undefined,
  range: 'any',
  latent: false,
  eventAxes: 0,
  /**
   * log p(x) = log Γ(x + r) − log Γ(r) − log Γ(x + 1) + r log p + x log q with q = 1 − p, and with n = x + r, k = x + 1, y = np/r and
   * z = nq/k = r(log y − y + 1) + k(log z − z + 1) − log z − ½ log(nk/r) − ½ log 2π + δ(n) − δ(r) − δ(k)
   */
  logProbability: (builder, value, parameters) => {
    const r = parameterOf(parameters, 'concentration');
    const { success, failure } = chances(builder, parameters);
    const log = (x: ValueId): ValueId => builder.emit('log', [x], {});
    const n = builder.add(value, r);
    const k = builder.add(value, builder.constant(1));
    const y = builder.multiply(n, builder.divide(success, r));
    const z = builder.multiply(builder.divide(n, k), failure);
    const kernel = builder.add(
      builder.multiply(r, logExcess(builder, y)),
      builder.subtract(builder.multiply(k, logExcess(builder, z)), log(z)),
    );
    const logs = builder.add(builder.subtract(log(n), log(r)), log(k));
    const normalizer = builder.add(builder.multiply(builder.constant(0.5), logs), builder.constant(HALF_LOG_TWO_PI));
    const remainders = builder.subtract(
      builder.subtract(stirlingRemainder(builder, n), stirlingRemainder(builder, r)),
      stirlingRemainder(builder, k),
    );
    return builder.add(builder.subtract(kernel, normalizer), remainders);
  },
  mean: (builder, parameters) =>
    parameters['mean'] ?? builder.multiply(parameterOf(parameters, 'concentration'), odds(builder, parameters)),
  sample: (builder, parameters, noise) => {
    const r = parameterOf(parameters, 'concentration');
    return builder.emit('negative_binomial_quantile', [noise, r, odds(builder, parameters)], {});
  },
  natural: () => undefined,
};

/** p and q = 1 − p, neither of which is quite 0. */
function chances(
  builder: ProgramBuilder,
  parameters: ParameterValues,
): { readonly success: ValueId; readonly failure: ValueId } {
  const { mean, logits } = parameters;
  if (mean !== undefined) {
    const r = parameterOf(parameters, 'concentration');
    const total = builder.add(r, mean);
    return { success: builder.divide(r, total), failure: floored(builder, builder.divide(mean, total)) };
  }
  if (logits !== undefined) {
    const of = (x: ValueId): ValueId => floored(builder, builder.emit('sigmoid', [x], {}));
    return { success: of(logits), failure: of(builder.negate(logits)) };
  }
  const p = parameterOf(parameters, 'probs');
  return { success: floored(builder, p), failure: floored(builder, builder.subtract(builder.constant(1), p)) };
}

/** q/p: how much likelier a failure is than a success. */
function odds(builder: ProgramBuilder, parameters: ParameterValues): ValueId {
  const { mean, logits } = parameters;
  if (mean !== undefined) return builder.divide(mean, parameterOf(parameters, 'concentration'));
  if (logits !== undefined) return builder.emit('exp', [builder.negate(logits)], {});
  const p = parameterOf(parameters, 'probs');
  return builder.divide(builder.subtract(builder.constant(1), p), floored(builder, p));
}
