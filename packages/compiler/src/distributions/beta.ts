import { parameterOf, type Distribution, type ParameterValues } from './definition.js';
import { HALF_LOG_TWO_PI, logExcess, stirlingRemainder } from './log-gamma.js';
import { SMALLEST_DRAW } from './smallest-draw.js';
import type { ProgramBuilder, ValueId } from '@sbn/program';

/** The largest float32 below 1. */
const LARGEST_DRAW = 1 - 2 ** -24;

/** Data between 0 and 1: `beta(alpha = α, beta = β)`, or `beta(mean = m, concentration = s)` with α = ms and β = (1 − m)s. */
export const beta: Distribution = {
  parameterizations: [{ names: ['alpha', 'beta'] }, { names: ['mean', 'concentration'] }],
  support: () => ({ kind: 'real' }),
  largest: undefined,
  range: 'open_unit',
  latent: false,
  eventAxes: 0,
  /**
   * log p(x) = (α − 1) log x + (β − 1) log(1 − x) − log B(α, β), and with s = α + β, y = xs/α and z = (1 − x)s/β
   * = α(log y − y + 1) + β(log z − z + 1) + ½ log(αβ/s) − ½ log 2π − δ(α) − δ(β) + δ(s) − log x − log(1 − x)
   */
  logProbability: (builder, value, parameters) => {
    const { alpha, beta: other, total } = shapes(builder, parameters);
    const rest = builder.subtract(builder.constant(1), value);
    const log = (x: ValueId): ValueId => builder.emit('log', [x], {});
    const part = (share: ValueId, concentration: ValueId): ValueId => {
      const ratio = builder.multiply(share, builder.divide(total, concentration));
      const normalizer = builder.subtract(
        builder.multiply(builder.constant(0.5), log(concentration)),
        stirlingRemainder(builder, concentration),
      );
      const kernel = builder.multiply(concentration, logExcess(builder, ratio));
      return builder.subtract(builder.add(kernel, normalizer), log(share));
    };
    const common = builder.subtract(
      stirlingRemainder(builder, total),
      builder.add(builder.multiply(builder.constant(0.5), log(total)), builder.constant(HALF_LOG_TWO_PI)),
    );
    return builder.add(builder.add(part(value, alpha), part(rest, other)), common);
  },
  mean: (builder, parameters) => {
    const { alpha, total } = shapes(builder, parameters);
    return parameters['mean'] ?? builder.divide(alpha, total);
  },
  sample: (builder, parameters, noise) => {
    const { alpha, beta: other } = shapes(builder, parameters);
    const drawn = builder.emit('beta_quantile', [noise, alpha, other], {});
    const below = builder.emit('minimum', [drawn, builder.constant(LARGEST_DRAW)], {});
    return builder.emit('maximum', [below, builder.constant(SMALLEST_DRAW)], {});
  },
  natural: () => undefined,
};

/** α, β and their sum. */
function shapes(
  builder: ProgramBuilder,
  parameters: ParameterValues,
): { readonly alpha: ValueId; readonly beta: ValueId; readonly total: ValueId } {
  const { mean, concentration } = parameters;
  if (mean === undefined || concentration === undefined) {
    const [alpha, other] = [parameterOf(parameters, 'alpha'), parameterOf(parameters, 'beta')];
    return { alpha, beta: other, total: builder.add(alpha, other) };
  }
  const alpha = builder.multiply(mean, concentration);
  const other = builder.multiply(builder.subtract(builder.constant(1), mean), concentration);
  return { alpha, beta: other, total: concentration };
}
