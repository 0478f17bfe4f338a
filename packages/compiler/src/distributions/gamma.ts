import { parameterOf, type Distribution } from './definition.js';
import { HALF_LOG_TWO_PI, logExcess, stirlingRemainder } from './log-gamma.js';
import { SMALLEST_DRAW } from './smallest-draw.js';

/** Positive data, `gamma(concentration = a, rate = λ)`: of mean a/λ and variance a/λ². */
export const gamma: Distribution = {
  parameterizations: [{ names: ['concentration', 'rate'] }],
  support: () => ({ kind: 'real' }),
  largest: undefined,
  range: 'positive',
  latent: false,
  eventAxes: 0,
  /** log p(x) = a log λ + (a − 1) log x − λx − log Γ(a) = a(log y − y + 1) + ½ log a − ½ log 2π − δ(a) − log x with y = λx/a */
  logProbability: (builder, value, parameters) => {
    const a = parameterOf(parameters, 'concentration');
    const y = builder.divide(builder.multiply(parameterOf(parameters, 'rate'), value), a);
    const halfLog = builder.multiply(builder.constant(0.5), builder.emit('log', [a], {}));
    const normalizer = builder.subtract(
      builder.subtract(halfLog, builder.constant(HALF_LOG_TWO_PI)),
      stirlingRemainder(builder, a),
    );
    const kernel = builder.multiply(a, logExcess(builder, y));
    return builder.subtract(builder.add(kernel, normalizer), builder.emit('log', [value], {}));
  },
  mean: (builder, parameters) =>
    builder.divide(parameterOf(parameters, 'concentration'), parameterOf(parameters, 'rate')),
  sample: (builder, parameters, noise) => {
    const drawn = builder.emit('gamma_quantile', [noise, parameterOf(parameters, 'concentration')], {});
    const scaled = builder.divide(drawn, parameterOf(parameters, 'rate'));
    return builder.emit('maximum', [scaled, builder.constant(SMALLEST_DRAW)], {});
  },
  natural: () => undefined,
};
