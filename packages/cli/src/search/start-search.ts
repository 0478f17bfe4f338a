/** A search over learning rates: a run for each, in a folder of its own, alike in all else. */
import { resolve } from 'node:path';
import { writeArtifact } from '@sbn/program';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { withRunLocks } from '../lock/run-lock.js';
import { createRunDirectory, writeRunDescription, type RunConfig } from '../run-directory.js';
import { openTraining } from '../run/open-training.js';
import { describeRun, planRun } from '../run/plan-run.js';
import { examineRun } from '../run/resume-run.js';
import type { RunFlags } from '../run/run-flags.js';
import { compilePlanned } from '../run/start-run.js';
import { runSearch } from './run-search.js';
import { placeRates, readSearch, writeSearch } from './search-folder.js';

export interface SearchFlags extends RunFlags {
  /** Runs at a time. */
  readonly jobs?: number | undefined;
}

/** What each of the runs is taken up with; the rest is in its folder. */
function runFlags({ engine, backend, threads, quiet, json }: RunFlags): RunFlags {
  return { engine, backend, threads, quiet, json, keepModel: true };
}

/** @throws UserError and others before the first run is begun, for what all would fail with; Exit after Ctrl-C */
export async function startSearch(
  file: string,
  rates: readonly number[],
  { jobs, ...flags }: SearchFlags,
  host: Host,
): Promise<void> {
  const model = compilePlanned(file, flags, host);
  const { artifact } = model;
  const plan = planRun(model, flags, host);
  const open = await openTraining(plan);
  const config = describeRun(model, plan, open);
  open.model.dispose();
  await withRunLocks(async (locks) => {
    const { path } = createRunDirectory(flags.out, artifact.name, flags.force === true, locks, host);
    const text = writeArtifact(artifact);
    const placed = placeRates(path, rates);
    // Each is locked again by the thread that trains it.
    await withRunLocks(async (each) => {
      for (const { rate, folder } of placed) {
        const directory = createRunDirectory(folder, artifact.name, true, each, host);
        writeRunDescription(directory, withRate(config, rate), text, host);
      }
      return Promise.resolve();
    });
    writeSearch(path, rates, host);
    await runSearch(
      { path, artifact, isValidated: plan.valid !== undefined, rates: placed, flags: runFlags(flags), jobs },
      host,
    );
  });
}

function withRate(config: RunConfig, lr: number): RunConfig {
  const { name, options } = config.optimizer;
  return { ...config, optimizer: { name, options: { ...options, lr } } };
}

/** Goes on with all runs of a search that have not ended, and compares all. @throws UsageError, UserError, Exit */
export async function resumeSearch(
  path: string,
  file: string | undefined,
  { jobs, ...flags }: SearchFlags,
  host: Host,
): Promise<void> {
  const rates = readSearch(path, host);
  const one = rates[0]?.folder ?? path;
  if (flags.lr !== undefined || flags.force === true || flags.out !== undefined)
    throw new UsageError(`${path} holds a search: its runs go on as they are`, `resume one of them, e.g. ${one}`);
  const { saved, settings } = examineRun(one, file, flags, host);
  const { steps, epochs, patience, samples } = flags;
  await withRunLocks((locks) => {
    locks.take({ path, absolute: resolve(host.directory, path) });
    return runSearch(
      {
        ...{ path, rates, jobs, artifact: saved.artifact },
        isValidated: settings.valid !== undefined,
        flags: { ...runFlags(flags), steps, epochs, patience, samples },
      },
      host,
    );
  });
}
