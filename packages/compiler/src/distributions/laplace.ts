import { parameterOf, type Distribution } from './definition.js';

/** Independent double exponentials, `laplace(loc, scale)`: a likelihood of real data with heavier tails than the normal's. */
export const laplace: Distribution = {
  parameterizations: [{ names: ['loc', 'scale'] }],
  support: () => ({ kind: 'real' }),
  largest: undefined,
  range: 'any',
  latent: false,
  eventAxes: 0,
  /** log p(x) = −|x − m|/s − log 2s */
  logProbability: (builder, value, parameters) => {
    const scale = parameterOf(parameters, 'scale');
    const distance = builder.emit('abs', [builder.subtract(value, parameterOf(parameters, 'loc'))], {});
    const normalizer = builder.add(builder.emit('log', [scale], {}), builder.constant(Math.LN2));
    return builder.negate(builder.add(builder.divide(distance, scale), normalizer));
  },
  mean: (_builder, parameters) => parameterOf(parameters, 'loc'),
  /** By the quantile function: m + s log 2u below the median, m − s log 2(1 − u) above it. */
  sample: (builder, parameters, noise) => {
    const [one, two] = [builder.constant(1), builder.constant(2)];
    const isBelow = builder.emit('less', [noise, builder.constant(0.5)], {});
    const nearest = builder.emit('minimum', [noise, builder.subtract(one, noise)], {});
    const distance = builder.negate(builder.emit('log', [builder.multiply(two, nearest)], {}));
    const signed = builder.emit('select', [isBelow, builder.negate(distance), distance], {});
    return builder.add(parameterOf(parameters, 'loc'), builder.multiply(parameterOf(parameters, 'scale'), signed));
  },
  natural: () => undefined,
};
