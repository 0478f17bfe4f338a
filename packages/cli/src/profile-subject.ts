/** What `sbn profile` profiles: a model file at a checkpoint or freshly initialised, or a run with all that belongs to it. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Artifact } from '@sbn/program';
import type { Checkpoint, ProfileCandidate } from '@sbn/runtime';
import { readCheckpointFile } from '@sbn/runtime/node';
import { splitEstimators } from './estimator-list.js';
import { EXIT, Exit, UsageError } from './exit.js';
import type { Host } from './host.js';
import { compileSource, readModelFile, sourceOfArtifact, type ModelSource } from './model-file.js';
import { readModelOptions, type ModelFlags } from './model-options.js';
import type { Assignments } from './options.js';
import { checkpointPath, openRunDirectory, readRunCheckpoint, type SavedRun } from './run-directory.js';
import { fileSources, parseSources, type Sources } from './sources.js';

export interface SubjectFlags extends ModelFlags {
  readonly checkpoint?: string;
  readonly compare?: string;
  readonly data?: Assignments;
}

export interface ProfileSubject {
  readonly artifact: Artifact;
  readonly candidates: readonly ProfileCandidate[];
  readonly checkpoint: Checkpoint | undefined;
  /** Where the parameters come from: a path as the user wrote it. */
  readonly origin: string | undefined;
  readonly sources: Sources;
  /** Latent sites that keep the estimator that they name with `via`. */
  readonly fixed: readonly string[];
}

/** @throws UsageError, UserError, CheckpointError; Exit after the diagnostics of a model that is wrong. */
export async function openSubject(path: string, flags: SubjectFlags, host: Host): Promise<ProfileSubject> {
  if (flags.compare !== undefined && flags.estimator !== undefined)
    throw new UsageError('--estimator and --compare both name estimators', 'add the one to the list of --compare');
  const isRun = statSync(resolve(host.directory, path), { throwIfNoEntry: false })?.isDirectory() === true;
  return isRun ? openRun(path, flags, host) : openFile(path, flags, host);
}

async function openFile(path: string, flags: SubjectFlags, host: Host): Promise<ProfileSubject> {
  const source = readModelFile(path, host);
  const { constants } = readModelOptions(flags);
  const compiled = compileCandidates(source, constants, estimatorsOf(flags, undefined), host);
  const { checkpoint: origin } = flags;
  const checkpoint = origin === undefined ? undefined : await readCheckpointFile(checkpointPath(origin, host));
  return { ...compiled, checkpoint, origin, sources: fileSources(compiled.artifact, path, host) };
}

async function openRun(path: string, flags: SubjectFlags, host: Host): Promise<ProfileSubject> {
  for (const option of ['set', 'checkpoint'] as const) {
    if (flags[option] === undefined) continue;
    const hint = `leave it out, or give the model file: sbn profile MODEL.sbn --checkpoint ${path} …`;
    throw new UsageError(`--${option}: a run has its own, and ${path} is a run`, hint);
  }
  const saved = openRunDirectory(path, host);
  const { constants } = saved.artifact;
  const compiled = compileCandidates(
    sourceOfArtifact(saved.artifact),
    constants,
    estimatorsOf(flags, saved.estimator),
    host,
  );
  const checkpoint = await readRunCheckpoint(saved, false, host);
  const candidates = compiled.candidates.map((candidate) =>
    isTrainedBy(candidate.artifact, saved) ? { ...candidate, start: checkpoint } : candidate,
  );
  // All or nothing: rows of one source are not to be paired with rows of another.
  const sources = flags.data === undefined ? parseSources(saved.data) : {};
  return { ...compiled, candidates, checkpoint, origin: path, sources };
}

/** The texts of the estimators; undefined for what the file says. */
function estimatorsOf(
  { compare, estimator }: SubjectFlags,
  trained: string | undefined,
): readonly (string | undefined)[] {
  return compare === undefined ? [estimator ?? trained] : splitEstimators('--compare', compare);
}

function compileCandidates(
  source: ModelSource,
  constants: Readonly<Record<string, number>>,
  estimators: readonly (string | undefined)[],
  host: Host,
): Pick<ProfileSubject, 'artifact' | 'candidates' | 'fixed'> {
  const compiled = estimators.map((estimator, index) => {
    const { stages } = compileSource(source, { constants, estimator }, host, index > 0);
    return { name: estimator ?? "the model's own", stages };
  });
  const fixed = (compiled[0]?.stages.graph?.sites ?? []).filter(({ typed }) => typed.via !== undefined);
  const candidates = compiled.flatMap(({ name, stages: { artifact } }) =>
    artifact === undefined ? [] : [{ name, artifact }],
  );
  const [first] = candidates;
  if (first === undefined || candidates.length < compiled.length) throw new Exit(EXIT.user);
  return { artifact: first.artifact, candidates, fixed: fixed.map(({ id }) => id) };
}

/** Whether a run was trained with these estimators, so that their running means and own parameters are in its checkpoint. */
function isTrainedBy({ sites }: Artifact, saved: SavedRun): boolean {
  return sites.every(({ id, estimator }) => {
    return saved.artifact.sites.some((site) => site.id === id && site.estimator === estimator);
  });
}
