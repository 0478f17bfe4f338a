/** The exact variance of an estimator, from its value at every latent configuration. */
import type { Artifact } from '@sbn/program';
import { createReferenceEngine } from '../engines/reference.js';
import { blocksOf, ConfigurationRun } from './configuration-run.js';
import { countConfigurations, enumerateConfigurations } from './configurations.js';
import type { VerificationPoint } from './point.js';

export interface GradientVariance {
  /** Var[ĝ] of every element of every parameter of the model, by name, row-major. */
  readonly variance: ReadonlyMap<string, Float64Array>;
  /** The sum of them all: E‖ĝ − E[ĝ]‖². */
  readonly total: number;
}

/** A gradient is known for a sum over rows alone, so each configuration at each data row is a run of its own. */
export const MOST_VARIANCE_RUNS = 1 << 13;

/**
 * The variance of the gradient of one step over the point's data rows: one draw of the latents for each row, averaged over
 * the rows. Rows are drawn independently, so it is Σ_rows Var[ĝ_row] / rows²; for a single row, the variance of its gradient.
 * Computed in float64 by the reference engine.
 * @returns undefined where there are more than `MOST_VARIANCE_RUNS` configurations times rows.
 * @throws SettingsError for an infinite support.
 */
export async function measureVariance(
  artifact: Artifact,
  point: VerificationPoint,
): Promise<GradientVariance | undefined> {
  if (countConfigurations(artifact.sites) * point.rows > MOST_VARIANCE_RUNS) return undefined;
  const configurations = enumerateConfigurations(artifact.sites);
  const program = artifact.programs.configuration;
  const run = await ConfigurationRun.prepare(createReferenceEngine(), program, artifact, point, configurations);
  const trained = artifact.parameters.filter(({ role }) => role === 'model');
  const variance = new Map<string, Float64Array>();
  let moments = new Map<string, Moments>();
  try {
    const one = Float64Array.of(1);
    for (const block of blocksOf(configurations.count, point.rows, 1)) {
      if (block.from === 0) moments = new Map<string, Moments>();
      const outputs = await run.run(block, one);
      const probability = Math.exp(outputs.get('log_probability:latents')?.[0] ?? NaN);
      for (const { name } of trained) {
        const gradient = outputs.get(`gradient:${name}`) ?? new Float64Array([NaN]);
        const moment = moments.get(name) ?? new Moments(gradient.length);
        moments.set(name, moment);
        moment.add(probability, gradient);
      }
      if (block.from + 1 < configurations.count) continue;
      for (const { name } of trained) {
        const ofRow = moments.get(name)?.variance() ?? new Float64Array();
        const sum = variance.get(name) ?? new Float64Array(ofRow.length);
        variance.set(
          name,
          sum.map((value, index) => value + (ofRow[index] ?? NaN) / point.rows ** 2),
        );
      }
    }
  } finally {
    run.dispose();
  }
  const total = [...variance.values()].reduce((sum, values) => sum + values.reduce((a, b) => a + b, 0), 0);
  return { variance, total };
}

/** Weighted mean and variance, element by element, by West's recurrence: nothing cancels where the variance is small. */
class Moments {
  #weight = 0;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;

  constructor(size: number) {
    this.#mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
  }

  add(weight: number, values: Float64Array): void {
    if (weight === 0) return;
    this.#weight += weight;
    values.forEach((value, index) => {
      const mean = this.#mean[index] ?? NaN;
      const step = value - mean;
      const moved = mean + (step * weight) / this.#weight;
      this.#mean[index] = moved;
      this.#squares[index] = (this.#squares[index] ?? NaN) + weight * step * (value - moved);
    });
  }

  variance(): Float64Array {
    return this.#squares.map((value) => value / this.#weight);
  }
}
