/** A new run: from a model file and options to a folder with the trained model. */
import { writeArtifact } from '@sbn/program';
import type { Host } from '../host.js';
import { withRunLocks } from '../lock/run-lock.js';
import { compileArtifact } from '../model-file.js';
import { readModelOptions } from '../model-options.js';
import { createRunDirectory, writeRunDescription } from '../run-directory.js';
import type { TrainResult } from '../train.js';
import { trainAsPlanned } from './open-training.js';
import { describeRun, planRun, type PlannedModel } from './plan-run.js';
import type { RunFlags } from './run-flags.js';

export async function startRun(file: string, flags: RunFlags, host: Host): Promise<TrainResult> {
  const model = compilePlanned(file, flags, host);
  const { artifact } = model;
  const plan = planRun(model, flags, host);
  return withRunLocks((locks) =>
    trainAsPlanned(
      plan,
      (open) => {
        const directory = createRunDirectory(flags.out, artifact.name, flags.force === true, locks, host);
        writeRunDescription(directory, describeRun(model, plan, open), writeArtifact(artifact), host);
        return { directory, measured: [], isKept: false };
      },
      host,
    ),
  );
}

/** @throws Exit after the diagnostics of a model that is wrong */
export function compilePlanned(file: string, flags: RunFlags, host: Host): PlannedModel {
  const options = readModelOptions(flags);
  return { artifact: compileArtifact(file, options, host), file, directory: host.directory, options };
}
