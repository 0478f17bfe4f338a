/** The gradient plan: one term per latent site. */
import type { SiteTerm } from './estimators/estimator.js';

export interface GradientPlan {
  /** In topological order; a latent site that no cost depends on has no term. */
  readonly terms: readonly SiteTerm[];
}
