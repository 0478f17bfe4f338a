/**
 * How much noise gradient estimators have on real data, at given parameters: the variance of what each makes of each latent
 * site, by Monte Carlo over draws. (The exact variance of a model small enough to be counted out is `measureVariance`'s.)
 */
import type { Artifact } from '@sbn/program';
import { createBreather } from '../breathe.js';
import { consecutiveRows, DataSource } from '../data/data-source.js';
import type { Dataset } from '../dataset.js';
import type { Engine } from '../engine.js';
import { SettingsError } from '../errors.js';
import { estimate } from '../evaluation.js';
import { checkProgramMemory } from '../memory.js';
import type { Estimate, ParameterValues } from '../model.js';
import { checkSeed, noiseKey, shuffledOrder } from '../noise/noise.js';
import { outputsOf } from '../ports.js';
import { checkCount } from '../settings.js';
import { EstimatorAtWork, type ProfileCandidate } from './estimator-at-work.js';
import { measureRows, type MeasuredSite } from './measure-rows.js';
import { FEWEST_DRAWS } from './row-moments.js';
import { StepInputs } from './step-inputs.js';
import { signalOf, summarizeRows, varianceOfRows, type CentredVariance, type Centring } from './summarize-rows.js';
import { timeSteps } from './time-steps.js';

export interface ProfileOptions {
  readonly engine: Engine;
  /** The model's, by name: those that are left out are as initialised. */
  readonly parameters?: ParameterValues | undefined;
  /** May be left out only where the model has none. */
  readonly data?: Dataset | undefined;
  /** Rows that are measured, drawn from the data with the seed; default 100, or all where there are fewer. */
  readonly rows?: number | undefined;
  /** Draws of the latents per row, 4 at least; default 100. */
  readonly draws?: number | undefined;
  /** Rows of a step, for the warm-up and the time; default 100, or all where there are fewer. */
  readonly batch?: number | undefined;
  /** Steps at fixed parameters of the model in which running means and estimators' own parameters settle; default 200. */
  readonly warmUp?: number | undefined;
  /** Steps that are timed; default 20. */
  readonly timedSteps?: number | undefined;
  /** A uint32, default 0. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GradientProfile {
  readonly rows: number;
  readonly draws: number;
  readonly batch: number;
  readonly warmUp: number;
  readonly timedSteps: number;
  /** In the order of the candidates. */
  readonly estimators: readonly EstimatorProfile[];
  /** Latent sites in topological order. */
  readonly sites: readonly SiteProfile[];
}

export interface EstimatorProfile {
  readonly name: string;
  /** The median seconds of one run of the gradient program. */
  readonly stepSeconds: number;
  /** Whether it has running means or parameters of its own, so that the warm-up meant something. */
  readonly learns: boolean;
}

export interface SiteProfile {
  readonly site: string;
  /** Elements of the site's parameters: the logits that the variance is summed over. */
  readonly elements: number;
  /** Variance of the uncentred likelihood ratio of the costs that the site influences, under each centring. */
  readonly likelihoodRatio: Readonly<Record<Centring, Estimate>>;
  /** In the order of the candidates; one that sums the site out has no draw of it, and is left out. */
  readonly estimators: readonly SiteEstimator[];
}

/** `none`: as it stands, with the estimator's own baselines. */
export interface SiteEstimator extends Readonly<Record<Centring, CentredVariance>> {
  readonly name: string;
  /** The mean over rows of ‖E[G]‖², the squared length of a row's expected gradient: below zero where it is lost in noise. */
  readonly signal: Estimate;
}

/**
 * Profiles the same model compiled with several estimators, at the same parameters, rows and draws.
 * @throws SettingsError, DataError, EngineError where it cannot fit into memory; the signal's reason when it is aborted.
 */
export async function profileGradients(
  candidates: readonly ProfileCandidate[],
  options: ProfileOptions,
): Promise<GradientProfile> {
  const settings = resolveSettings(candidates, options);
  const { engine, data, signal } = options;
  const breathe = createBreather();
  const pause = async (): Promise<void> => {
    await breathe();
    signal?.throwIfAborted();
  };
  const works: EstimatorAtWork[] = [];
  try {
    const measured: (readonly MeasuredSite[])[] = [];
    const timed = [];
    for (const candidate of candidates) {
      const { gradient, profile } = candidate.artifact.programs;
      checkProgramMemory(engine, gradient, settings.batch);
      checkProgramMemory(engine, profile, Math.min(settings.batch, settings.indices.length));
      const work = await EstimatorAtWork.prepare(candidate, engine, options.parameters ?? {}, settings.seed);
      works.push(work);
      const inputs = new StepInputs(engine, candidate.artifact, gradient, data, settings.seed, settings.batch);
      await work.warmUp(settings.warmUp, inputs, settings.batch, pause);
      measured.push(await measureRows(work, { ...settings, engine, data, beforeRun: pause }));
      timed.push({ work, inputs });
    }
    const seconds = await timeSteps(timed, settings.batch, settings.timedSteps, pause);
    const { indices, draws, batch, warmUp, timedSteps } = settings;
    return {
      ...{ rows: indices.length, draws, batch, warmUp, timedSteps },
      estimators: works.map(({ name, learns }, index) => ({ name, learns, stepSeconds: seconds[index] ?? NaN })),
      sites: summarizeSites(candidates, measured),
    };
  } finally {
    for (const work of works) work.dispose();
  }
}

interface ProfileSettings {
  /** The rows of the data that are measured; places without data. */
  readonly indices: Uint32Array;
  readonly draws: number;
  readonly batch: number;
  readonly warmUp: number;
  readonly timedSteps: number;
  readonly seed: number;
}

const FEW_ROWS = 100;

function resolveSettings(candidates: readonly ProfileCandidate[], options: ProfileOptions): ProfileSettings {
  const [first] = candidates;
  if (first === undefined) throw new SettingsError('estimators', 'there is none to profile', 'give one at least');
  const { artifact } = first;
  const { gradient } = artifact.programs;
  if (!candidates.some((candidate) => drawnSites(candidate.artifact).length > 0)) {
    const hint = 'profile a model with a latent site that is drawn and that a cost depends on';
    throw new SettingsError('model', `${artifact.name} has no latent site with a gradient to estimate`, hint);
  }
  const seed = checkSeed(options.seed ?? 0);
  const there = new DataSource(options.engine, artifact, gradient, options.data).rows;
  const count = (setting: string, asked: number | undefined): number => {
    if (asked === undefined) return Math.min(FEW_ROWS, there ?? FEW_ROWS);
    const rows = checkCount(setting, asked, 1);
    if (there === undefined || rows <= there) return rows;
    const problem = `${String(rows)} rows are more than the ${String(there)} of the data`;
    throw new SettingsError(setting, problem, `ask for at most ${String(there)}`);
  };
  const rows = count('rows', options.rows);
  return {
    indices:
      there === undefined
        ? consecutiveRows(0, rows)
        : shuffledOrder(there, noiseKey(seed, 'profile'), 0).slice(0, rows),
    draws: checkCount('draws', options.draws ?? 100, FEWEST_DRAWS),
    batch: count('batch', options.batch),
    warmUp: checkCount('warmUp', options.warmUp ?? 200, 0),
    timedSteps: checkCount('timedSteps', options.timedSteps ?? 20, 1),
    seed,
  };
}

/** The latent sites whose gradient is estimated. */
function drawnSites({ programs }: Artifact): readonly string[] {
  return outputsOf(programs.profile, 'site_gradient').map(({ name }) => name);
}

function summarizeSites(
  candidates: readonly ProfileCandidate[],
  measured: readonly (readonly MeasuredSite[])[],
): readonly SiteProfile[] {
  const ids = (candidates[0]?.artifact.sites ?? []).map(({ id }) => id);
  return ids.flatMap((id) => {
    const drawn = candidates.flatMap(({ name }, index) =>
      (measured[index] ?? []).flatMap((own) => (own.site === id ? [{ name, own }] : [])),
    );
    const reference = drawn[0]?.own;
    if (reference === undefined) return [];
    const { width: elements, likelihoodRatio } = reference;
    const estimators = drawn.map(({ name, own: { estimator: rows } }): SiteEstimator => {
      const centred = overCentrings((centring) => summarizeRows(rows, likelihoodRatio, centring));
      return { name, signal: signalOf(rows), ...centred };
    });
    const variances = overCentrings((centring) => estimate(varianceOfRows(likelihoodRatio, centring)));
    return [{ site: id, elements, likelihoodRatio: variances, estimators }];
  });
}

function overCentrings<T>(summarize: (centring: Centring) => T): Readonly<Record<Centring, T>> {
  return { none: summarize('none'), constant: summarize('constant'), perRow: summarize('perRow') };
}
