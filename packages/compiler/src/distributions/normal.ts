import type { Distribution, ParameterValues } from './definition.js';
import { normalQuantile } from './normal-quantile.js';
import { InternalError, type ValueId } from '@sbn/program';

/** Independent Gaussians, `normal(loc, scale)`: a likelihood of real data. */
export const normal: Distribution = {
  parameterizations: [{ names: ['loc', 'scale'] }],
  support: () => ({ kind: 'real' }),
  largest: undefined,
  range: 'any',
  latent: false,
  eventAxes: 0,
  /** log p(x) = −½((x − m)/s)² − log s − ½ log 2π. */
  logProbability: (builder, value, parameters) => {
    const { loc, scale } = locationAndScale(parameters);
    const standard = builder.divide(builder.subtract(value, loc), scale);
    const quadratic = builder.multiply(builder.constant(0.5), builder.emit('square', [standard], {}));
    const normalizer = builder.add(builder.emit('log', [scale], {}), builder.constant(0.5 * Math.log(2 * Math.PI)));
    return builder.negate(builder.add(quadratic, normalizer));
  },
  mean: (_builder, parameters) => locationAndScale(parameters).loc,
  /** By the quantile function: one uniform per draw. */
  sample: (builder, parameters, noise) => {
    const { loc, scale } = locationAndScale(parameters);
    return builder.add(loc, builder.multiply(scale, normalQuantile(builder, noise)));
  },
  natural: () => undefined,
};

function locationAndScale({ loc, scale }: ParameterValues): { readonly loc: ValueId; readonly scale: ValueId } {
  if (loc === undefined || scale === undefined) throw new InternalError('a normal site without loc or scale');
  return { loc, scale };
}
