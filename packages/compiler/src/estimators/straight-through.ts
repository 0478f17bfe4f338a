/**
 * Straight-through (Bengio, Léonard, Courville 2013; with the derivative of the mean): the chain rule as if each draw
 * were its mean, at the sampled values. No score, no noise of a signal; biased.
 */
import { NO_EXPANSION, type Estimator } from './estimator.js';
import { readOptions } from './options.js';
import { emitStraightSlope } from './straight-slope.js';

export const straightThrough: Estimator = {
  name: 'straight_through',
  relaxes: true,
  assumesIndependence: true,
  plan: (context) =>
    readOptions(context, { name: 'straight_through', options: {}, forms: { default: { costs: 'local' } } }),
  describe: () => 'the chain rule through the mean',
  expand: (context) => {
    const { builder, site, base } = context;
    const slope = emitStraightSlope(context);
    const mean = base.valueOf(site.mean);
    const held = slope === undefined ? undefined : builder.emit('stop_gradient', [slope], {});
    return {
      ...NO_EXPANSION,
      site: site.id,
      bias: 'the slope at the draw is taken for the difference between draws',
      slopes: slope === undefined ? [] : [{ site: site.id, value: slope, level: 1 }],
      analytic: slope === undefined || held === undefined ? undefined : { slope, held, mean },
      surrogate: builder.sumEvent(builder.multiply(held ?? builder.constant(0), mean)),
    };
  },
};
