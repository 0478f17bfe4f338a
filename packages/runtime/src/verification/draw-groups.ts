/**
 * An estimator is a sum of a part of the sampled values alone and a part for each site that draws further: T_i depends on the sampled
 * values and on the draws of site i. So its expectation needs no configurations in which the draws of two sites are combined:
 *
 *     E[ĝ] = G_0 + Σ_i (G_i − G_0),
 *
 * with G_0 the expectation over the latents while all further draws are held at fixed values, and G_i the one in which those of
 * site i are drawn.
 */
import type { Artifact } from '@sbn/program';
import type { Block, Outputs } from './configuration-run.js';
import {
  drawingSites,
  drawVariables,
  enumerateConfigurations,
  latentVariables,
  sitesGivenTo,
  type Configurations,
} from './configurations.js';

export interface DrawGroup {
  /** The site whose further draws are counted out; `undefined` for none. */
  readonly site: string | undefined;
  /** Of the latents and of the site's draws; the latents vary fastest. */
  readonly configurations: Configurations;
  /** What the group's expectation counts in that of the estimator. */
  readonly factor: number;
}

/** With one group or none the draws need not be held: `G_0` counts 1 − n times, which is nothing at n = 1. */
export function listDrawGroups(artifact: Artifact): readonly DrawGroup[] {
  // A site that the estimator sums out has no value there.
  const latents = latentVariables(sitesGivenTo(artifact.programs.configuration, artifact.sites));
  const drawing = drawingSites(artifact);
  const alone = { site: undefined, configurations: enumerateConfigurations(latents), factor: 1 - drawing.length };
  const groups = drawing.map((site) => {
    const configurations = enumerateConfigurations([...latents, ...drawVariables(artifact, site)]);
    return { site, configurations, factor: 1 };
  });
  return [alone, ...groups];
}

/** The values at which further draws are held: the first of each one's support, and ½ for uniforms. */
export function heldDraws(artifact: Artifact): Configurations {
  const values = drawingSites(artifact).flatMap((site) =>
    drawVariables(artifact, site).map((variable) => {
      const size = variable.shape.reduce((total, dim) => total * dim, 1);
      const first = enumerateConfigurations([variable]).values.get(variable.id)?.slice(0, size);
      const held = variable.kind === 'uniform' ? new Float64Array(size).fill(0.5) : first;
      return [variable.id, held ?? new Float64Array(size)] as const;
    }),
  );
  return { count: 1, values: new Map(values), weights: undefined };
}

/** The probability of each configuration of a block, from the outputs of the `configuration` program. */
export function probabilitiesOf(
  outputs: Outputs,
  { site, configurations }: DrawGroup,
  { from, count }: Block,
): Float64Array {
  const latents = outputs.get('log_probability:latents');
  const draws = site === undefined ? undefined : outputs.get(`log_probability:${site}`);
  return Float64Array.from({ length: count }, (_, index) => {
    const log = (latents?.[index] ?? NaN) + (draws === undefined ? 0 : (draws[index] ?? NaN));
    return Math.exp(log) * (configurations.weights?.[from + index] ?? 1);
  });
}
