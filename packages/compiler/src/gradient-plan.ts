/** The gradient plan: one term per latent site. */
import type { SiteTerm } from './estimators/estimator.js';
import type { SumPlan } from './plan-sums.js';

export interface GradientPlan {
  /** In topological order; a latent site that no cost depends on has no term. */
  readonly terms: readonly SiteTerm[];
  /** What their learning signals are summed up from. */
  readonly sums: SumPlan;
}
