/** The exact variance of an estimator, from its value at every latent configuration. */
import { InternalError, type Artifact } from '@sbn/program';
import { createReferenceEngine } from '../engines/reference.js';
import { ConfigurationRun } from './configuration-run.js';
import { countConfigurations, sitesGivenTo } from './configurations.js';
import { listDrawGroups, probabilitiesOf, type DrawGroup } from './draw-groups.js';
import type { VerificationPoint } from './point.js';
import { cutCounts, truncateCounts, type Truncation } from './truncate-counts.js';

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
 * Computed in float64 by the reference engine. Counts that do not end are cut where `truncation` says, or `truncateCounts` does.
 * @returns undefined where there are more than `MOST_VARIANCE_RUNS` configurations times rows.
 * @throws SettingsError for real latents.
 */
export async function measureVariance(
  endless: Artifact,
  point: VerificationPoint,
  truncation?: Truncation,
): Promise<GradientVariance | undefined> {
  const { cuts } = truncation ?? (await truncateCounts(endless, point));
  const artifact = cutCounts(endless, cuts);
  const drawn = sitesGivenTo(artifact.programs.configuration, artifact.sites);
  if (countConfigurations(artifact, drawn) * point.rows > MOST_VARIANCE_RUNS) return undefined;
  const trained = artifact.parameters.filter(({ role }) => role === 'model').map(({ name }) => name);
  const variance = new Map<string, Float64Array>();
  const groups = await prepareGroups(artifact, point);
  try {
    for (let row = 0; row < point.rows; row += 1) {
      const ofRow = await varianceOfRow(groups, trained, row);
      for (const [name, values] of ofRow) {
        const sum = variance.get(name) ?? new Float64Array(values.length);
        variance.set(
          name,
          sum.map((value, index) => value + (values[index] ?? NaN) / point.rows ** 2),
        );
      }
    }
  } finally {
    for (const { run } of groups) run.dispose();
  }
  const total = [...variance.values()].reduce((sum, values) => sum + values.reduce((a, b) => a + b, 0), 0);
  return { variance, total };
}

interface PreparedGroup {
  readonly group: DrawGroup;
  readonly run: ConfigurationRun;
}

async function prepareGroups(artifact: Artifact, point: VerificationPoint): Promise<readonly PreparedGroup[]> {
  const engine = createReferenceEngine();
  const program = artifact.programs.configuration;
  return Promise.all(
    listDrawGroups(artifact).map(async (group) => ({
      group,
      run: await ConfigurationRun.prepare(engine, program, artifact, point, group.configurations),
    })),
  );
}

/**
 * Var[ĝ] = Var[E[ĝ | latents]] + E[Var[ĝ | latents]], where given the latents the parts of the sites that draw further are independent:
 * the mean is g_0 + Σ_i (m_i − g_0), and the variance the sum of theirs.
 */
async function varianceOfRow(
  groups: readonly PreparedGroup[],
  names: readonly string[],
  row: number,
): Promise<ReadonlyMap<string, Float64Array>> {
  const [alone, ...drawing] = groups;
  if (alone === undefined) throw new InternalError('no group of configurations');
  const outer = new Map<string, Moments>();
  const inner = new Map<string, Float64Array>();
  const latents = alone.group.configurations.count;
  for (let latent = 0; latent < latents; latent += 1) {
    const held = await runOne(alone, row, latent);
    const parts = await Promise.all(drawing.map((prepared) => drawMoments(prepared, names, row, latent, latents)));
    for (const name of names) {
      const start = held.gradient(name);
      const mean = start.map((value, index) =>
        parts.reduce((sum, part) => sum + (part.get(name)?.mean()[index] ?? NaN) - value, value),
      );
      momentsOf(outer, name, mean.length).add(held.probability, mean);
      const sum = inner.get(name) ?? new Float64Array(mean.length);
      for (const part of parts) {
        part
          .get(name)
          ?.variance()
          .forEach((value, index) => (sum[index] = (sum[index] ?? 0) + held.probability * value));
      }
      inner.set(name, sum);
    }
  }
  return new Map(
    [...outer].map(([name, moments]) => [
      name,
      moments.variance().map((value, index) => value + (inner.get(name)?.[index] ?? 0)),
    ]),
  );
}

/** The moments of the gradient over a site's further draws, at one value of the latents. */
async function drawMoments(
  prepared: PreparedGroup,
  names: readonly string[],
  row: number,
  latent: number,
  latents: number,
): Promise<ReadonlyMap<string, Moments>> {
  const moments = new Map<string, Moments>();
  const { count } = prepared.group.configurations;
  // The latents vary fastest: these are the configurations in which they have this value.
  for (let from = latent; from < count; from += latents) {
    const { gradient, probability } = await runOne(prepared, row, from);
    for (const name of names) {
      const values = gradient(name);
      momentsOf(moments, name, values.length).add(probability, values);
    }
  }
  return moments;
}

/** The gradient at one configuration, and its probability. */
async function runOne(
  { run, group }: PreparedGroup,
  row: number,
  from: number,
): Promise<{ readonly gradient: (name: string) => Float64Array; readonly probability: number }> {
  const block = { row, from, count: 1 };
  const outputs = await run.run(block, Float64Array.of(1));
  return {
    gradient: (name) => outputs.get(`gradient:${name}`) ?? new Float64Array([NaN]),
    probability: probabilitiesOf(outputs, group, block)[0] ?? NaN,
  };
}

function momentsOf(moments: Map<string, Moments>, name: string, size: number): Moments {
  const found = moments.get(name) ?? new Moments(size);
  moments.set(name, found);
  return found;
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

  mean(): Float64Array {
    return this.#mean;
  }

  variance(): Float64Array {
    return this.#squares.map((value) => value / this.#weight);
  }
}
