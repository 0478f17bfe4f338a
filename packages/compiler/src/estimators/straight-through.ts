/**
 * Straight-through (Bengio, Léonard, Courville 2013; with the derivative of the mean): the chain rule as if each draw
 * were its mean, at the sampled values. No score, no noise of a signal; biased.
 */
import type { Estimator } from './estimator.js';
import { readOptions } from './options.js';
import { emitStraightSlope } from './straight-slope.js';

export const straightThrough: Estimator = {
  name: 'straight_through',
  relaxes: true,
  plan: (context) => readOptions(context, 'straight_through', {}, { default: { costs: 'local' } }),
  describe: () => 'the chain rule through the mean',
  expand: (context) => {
    const { builder, site, base } = context;
    const slope = emitStraightSlope(context);
    const mean = base.valueOf(site.mean);
    const held = slope === undefined ? undefined : builder.emit('stop_gradient', [slope], {});
    return {
      site: site.id,
      bias: 'the slope at the draw is taken for the difference between draws',
      signal: undefined,
      baseline: undefined,
      held: undefined,
      expandedCost: undefined,
      slopes: slope === undefined ? [] : [{ site: site.id, value: slope }],
      curvature: undefined,
      analytic: slope === undefined || held === undefined ? undefined : { slope, held, mean },
      surrogate: builder.sumEvent(builder.multiply(held ?? builder.constant(0), mean)),
      state: [],
      auxiliary: [],
    };
  },
};
