import { parameterOf, type Distribution, type ParameterValues } from './definition.js';
import { flooredLog, flooredLogComplement } from './floored-log.js';
import { logGamma } from './log-gamma.js';
import { naturalLogit, probability } from './success.js';
import type { ProgramBuilder, ValueId } from '@sbn/program';

/** Successes in n independent trials: `binomial(trials = n, logits = l)` or `binomial(trials = n, probs = p)`, values 0 … n. */
export const binomial: Distribution = {
  parameterizations: [{ names: ['trials', 'logits'] }, { names: ['trials', 'probs'] }],
  support: () => ({ kind: 'count' }),
  largest: 'trials',
  range: 'any',
  latent: true,
  eventAxes: 0,
  /** log p(x) = log(n over x) + x·log p + (n − x)·log(1 − p), the last two of which are x·l − n·softplus(l) */
  logProbability: (builder, value, parameters) => {
    const { logits } = parameters;
    const trials = parameterOf(parameters, 'trials');
    const failures = builder.subtract(trials, value);
    const ways = logWays(builder, trials, value, failures);
    if (logits !== undefined) {
      const normalizer = builder.multiply(trials, builder.emit('softplus', [logits], {}));
      return builder.add(ways, builder.subtract(builder.multiply(value, logits), normalizer));
    }
    const p = parameterOf(parameters, 'probs');
    const succeeded = builder.multiply(value, flooredLog(builder, p));
    const failed = builder.multiply(failures, flooredLogComplement(builder, p));
    return builder.add(ways, builder.add(succeeded, failed));
  },
  mean: (builder, parameters) => builder.multiply(parameterOf(parameters, 'trials'), probability(builder, parameters)),
  /**
   * Counts what is rarer, successes or failures, with probability q ≤ ½: from odds of q/(1 − q) ≤ 1 nothing overflows. Rounding
   * could let a count pass n, where it has no probability.
   */
  sample: (builder, parameters, noise) => {
    const trials = parameterOf(parameters, 'trials');
    const one = builder.constant(1);
    const { mostlySuccess, odds } = rarer(builder, parameters);
    const uniform = builder.emit('select', [mostlySuccess, builder.subtract(one, noise), noise], {});
    const scale = builder.emit('log1p', [odds], {});
    const slope = builder.multiply(builder.add(trials, one), odds);
    const counted = builder.emit('count_quantile', [uniform, scale, slope], {});
    const count = builder.emit('minimum', [counted, trials], {});
    return builder.emit('select', [mostlySuccess, builder.subtract(trials, count), count], {});
  },
  natural: naturalLogit,
};

/** Whether p > ½, and q/(1 − q) with q the smaller of p and 1 − p. */
function rarer(
  builder: ProgramBuilder,
  parameters: ParameterValues,
): { readonly mostlySuccess: ValueId; readonly odds: ValueId } {
  const { logits } = parameters;
  if (logits !== undefined) {
    const distance = builder.negate(builder.emit('abs', [logits], {}));
    const mostlySuccess = builder.emit('less', [builder.constant(0), logits], {});
    return { mostlySuccess, odds: builder.emit('exp', [distance], {}) };
  }
  const p = parameterOf(parameters, 'probs');
  const q = builder.emit('minimum', [p, builder.subtract(builder.constant(1), p)], {});
  const odds = builder.divide(q, builder.subtract(builder.constant(1), q));
  return { mostlySuccess: builder.emit('less', [builder.constant(0.5), p], {}), odds };
}

/** log of n over x: log Γ(n + 1) − log Γ(x + 1) − log Γ(n − x + 1) */
function logWays(builder: ProgramBuilder, trials: ValueId, successes: ValueId, failures: ValueId): ValueId {
  const logFactorial = (value: ValueId): ValueId => logGamma(builder, builder.add(value, builder.constant(1)));
  return builder.subtract(builder.subtract(logFactorial(trials), logFactorial(successes)), logFactorial(failures));
}
