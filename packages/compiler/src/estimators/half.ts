/**
 * The 1/2 estimator (Gregor, Danihelka, Mnih, Blundell, Wierstra 2014; MuProp, section 4): each unit's score weighted by
 * f′(x)ᵀ(x − x̄) with x̄ = 1/2, or 1/K for a one-hot value. Right for a cost that is at most quadratic in each unit.
 */
import { DISTRIBUTIONS } from '../distributions/index.js';
import { NO_EXPANSION, type Estimator } from './estimator.js';
import { emitStraightSlope } from './straight-slope.js';
import { planFor } from './unserved.js';

export const half: Estimator = {
  name: 'half',
  relaxes: true,
  assumesIndependence: true,
  plan: (context) =>
    planFor(context, { name: 'half', options: {}, forms: { default: { costs: 'local' } } }, [
      'bernoulli',
      'categorical',
    ]),
  describe: ({ form }) => form['costs'] ?? '',
  expand: (context) => {
    const { builder, site, base } = context;
    const slope = emitStraightSlope(context);
    const { element } = site.typed.type;
    const centre = builder.constant(element.kind === 'onehot' ? 1 / element.classes : 0.5);
    const step = builder.subtract(base.latent(site.id), centre);
    const elements = builder.multiply(slope ?? builder.constant(0), step);
    const grouped = DISTRIBUTIONS[site.distribution].eventAxes === 1;
    const units = grouped ? builder.sum(elements, [builder.shapeOf(elements).length - 1]) : elements;
    const held = builder.emit('stop_gradient', [units], {});
    return {
      ...NO_EXPANSION,
      site: site.id,
      bias: 'it is right only for a cost that is at most quadratic in each unit',
      slopes: slope === undefined ? [] : [{ site: site.id, value: slope, level: 1 }],
      statistic: held,
      surrogate: builder.sumEvent(builder.multiply(held, base.valueOf(site.unitLogProbability))),
    };
  },
};
