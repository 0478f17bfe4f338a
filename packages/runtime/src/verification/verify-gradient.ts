/**
 * The proof of a model's gradient: the estimator's expectation over every latent configuration,
 * computed by the compiled program, against the derivative of the exactly enumerated objective.
 */
import { removeDeadCode, type Artifact, type PortKey, type Program } from '@sbn/program';
import type { Engine } from '../engine.js';
import { createReferenceEngine } from '../engines/reference.js';
import { SettingsError } from '../errors.js';
import { blocksOf, ConfigurationRun, type Outputs } from './configuration-run.js';
import {
  checkConfigurations,
  countConfigurations,
  enumerateConfigurations,
  latentVariables,
  sitesGivenTo,
} from './configurations.js';
import { listDrawGroups, probabilitiesOf } from './draw-groups.js';
import type { VerificationPoint } from './point.js';
import { cutCounts, truncateCounts, type Truncation } from './truncate-counts.js';

export interface VerifyOptions extends VerificationPoint {
  /** Runs the estimator; the enumerated objective always runs in float64. */
  readonly engine: Engine;
  /** Where counts that do not end are cut; left out for where `truncateCounts` does. */
  readonly truncation?: Truncation | undefined;
}

export interface ParameterVerification {
  readonly name: string;
  readonly shape: readonly number[];
  /** E[ĝ], row-major. */
  readonly estimated: Float64Array;
  /** ∇ E[f], row-major. */
  readonly exact: Float64Array;
  /** Largest difference over the largest magnitude of this parameter's exact gradient. */
  readonly relativeError: number;
}

export interface GradientVerification {
  /** Exact expected cost, averaged over the data rows. */
  readonly objective: number;
  readonly configurations: number;
  /** What was left out: nothing, unless there are counts that do not end. */
  readonly truncation: Truncation;
  /** Those of the model; what belongs to an estimator learns from a loss of its own. */
  readonly parameters: readonly ParameterVerification[];
  readonly maxRelativeError: number;
}

/** A parameter whose whole gradient is below this share of the largest one is compared at that share. */
const SMALLEST_SHARE = 1e-3;

/**
 * A gradient that is nowhere as large as this share of the mean magnitude of the cost is compared at that share: where it is
 * exactly zero there is nothing to be relative to, and rounding is of the order of the cost.
 */
const SMALLEST_SCALE = { float64: 1e-3, float32: 1 } as const;

/** @throws SettingsError when there are too many configurations, or the exact gradient is not finite at this point. */
export async function verifyGradient(endless: Artifact, options: VerifyOptions): Promise<GradientVerification> {
  const truncation = options.truncation ?? (await truncateCounts(endless, options));
  const artifact = cutCounts(endless, truncation.cuts);
  checkConfigurations(artifact);
  const groups = listDrawGroups(artifact);
  const exact = await runExact(artifact, options);
  const estimated = new Map<PortKey, Float64Array>();
  let magnitude = 0;
  for (const group of groups) {
    const { configurations, site, factor } = group;
    const prepare = (engine: Engine, program: Program): Promise<ConfigurationRun> =>
      ConfigurationRun.prepare(engine, program, artifact, options, configurations);
    const { configuration } = artifact.programs;
    const reference = createReferenceEngine();
    const scoreRun = await prepare(reference, withoutGradients(configuration));
    const estimateRun = await prepare(options.engine, configuration);
    try {
      for (const block of blocksOf(configurations.count, options.rows)) {
        const uniform = new Float64Array(block.count).fill(1 / options.rows);
        const scored = await scoreRun.run(block, uniform);
        const costs = valuesOf(scored, 'cost:total');
        const weights = probabilitiesOf(scored, group, block).map((probability) => probability / options.rows);
        if (site === undefined) {
          magnitude += weights.reduce((sum, weight, index) => sum + weight * Math.abs(costs[index] ?? NaN), 0);
        }
        if (factor !== 0) addTo(estimated, await estimateRun.run(block, weights), factor);
      }
    } finally {
      for (const run of [scoreRun, estimateRun]) run.dispose();
    }
  }

  const trained = artifact.parameters.filter(({ role }) => role === 'model');
  for (const { name } of trained) checkFinite(name, valuesOf(exact, `gradient:${name}`));
  const largestOfAll = Math.max(0, ...trained.map(({ name }) => largest(valuesOf(exact, `gradient:${name}`))));
  const scale = Math.max(largestOfAll, SMALLEST_SCALE[options.engine.precision] * magnitude);
  const parameters = trained.map(({ name, shape }) => {
    const a = valuesOf(estimated, `gradient:${name}`);
    const b = valuesOf(exact, `gradient:${name}`);
    const difference = largest(a.map((value, index) => value - (b[index] ?? NaN)));
    const relativeError = difference / Math.max(largest(b), SMALLEST_SHARE * scale, Number.MIN_VALUE);
    return { name, shape, estimated: a, exact: b, relativeError };
  });
  return {
    objective: valuesOf(exact, 'loss:total')[0] ?? NaN,
    configurations: countConfigurations(artifact),
    truncation,
    parameters,
    maxRelativeError: Math.max(0, ...parameters.map(({ relativeError }) => relativeError)),
  };
}

/** What weighs the configurations: their probabilities and costs. */
function withoutGradients(program: Program): Program {
  const outputs = program.outputs.filter(({ role }) => role === 'log_probability' || role === 'cost');
  return removeDeadCode({ ...program, outputs });
}

/** The exact objective and its gradient. A site that the estimator sums out is counted out here like any other. */
async function runExact(artifact: Artifact, options: VerifyOptions): Promise<Map<PortKey, Float64Array>> {
  const { enumeration } = artifact.programs;
  const configurations = enumerateConfigurations(latentVariables(sitesGivenTo(enumeration, artifact.sites)));
  const run = await ConfigurationRun.prepare(createReferenceEngine(), enumeration, artifact, options, configurations);
  const sums = new Map<PortKey, Float64Array>();
  try {
    for (const block of blocksOf(configurations.count, options.rows)) {
      addTo(sums, await run.run(block, new Float64Array(block.count).fill(1 / options.rows)), 1);
    }
  } finally {
    run.dispose();
  }
  return sums;
}

/** Adds `factor` times the outputs that do not have a row for each configuration. */
function addTo(sums: Map<PortKey, Float64Array>, outputs: Outputs, factor: number): void {
  for (const [key, values] of outputs) {
    if (!key.startsWith('gradient:') && !key.startsWith('loss:')) continue;
    const sum = sums.get(key) ?? new Float64Array(values.length);
    sums.set(
      key,
      sum.map((value, index) => value + factor * (values[index] ?? NaN)),
    );
  }
}

function checkFinite(name: string, gradient: Float64Array): void {
  const wrong = gradient.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new SettingsError(
    'verify',
    `the exact gradient of ${name} is ${String(wrong)} at this point`,
    'choose other parameters or data',
  );
}

function valuesOf(outputs: Outputs, key: PortKey): Float64Array {
  return outputs.get(key) ?? new Float64Array([NaN]);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => (Number.isNaN(value) ? Infinity : Math.max(most, Math.abs(value))), 0);
}
