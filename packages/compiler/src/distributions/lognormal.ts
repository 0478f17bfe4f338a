import { parameterOf, type Distribution } from './definition.js';
import { normal } from './normal.js';

/** Beyond it e^x leaves float32. */
const LARGEST_EXPONENT = 87;

/** What is normal in the logarithm, `lognormal(loc, scale)` with the logarithm's mean and standard deviation: positive data. */
export const lognormal: Distribution = {
  parameterizations: [{ names: ['loc', 'scale'] }],
  support: () => ({ kind: 'real' }),
  largest: undefined,
  range: 'positive',
  latent: false,
  eventAxes: 0,
  /** log p(x) = log N(log x; m, s) − log x */
  logProbability: (builder, value, parameters) => {
    const logarithm = builder.emit('log', [value], {});
    return builder.subtract(normal.logProbability(builder, logarithm, parameters), logarithm);
  },
  /** e^{m + s²/2} */
  mean: (builder, parameters) => {
    const square = builder.emit('square', [parameterOf(parameters, 'scale')], {});
    const half = builder.multiply(builder.constant(0.5), square);
    return builder.emit('exp', [builder.add(parameterOf(parameters, 'loc'), half)], {});
  },
  sample: (builder, parameters, noise, shape) => {
    const drawn = normal.sample(builder, parameters, noise, shape);
    const bounded = builder.emit('minimum', [drawn, builder.constant(LARGEST_EXPONENT)], {});
    return builder.emit('exp', [builder.emit('maximum', [bounded, builder.constant(-LARGEST_EXPONENT)], {})], {});
  },
  natural: () => undefined,
};
