/** `sbn profile`: how much noise each site's gradient has on real data, by estimator. */
import type { Command } from 'commander';
import { modelParameters, profileGradients } from '@sbn/runtime';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import type { Host } from '../host.js';
import { addModelOptions } from '../model-options.js';
import { assignment, notNegativeInteger, positiveInteger, seed } from '../options.js';
import { openSubject, type SubjectFlags } from '../profile-subject.js';
import { profileAsJson, renderProfile } from '../profile-report.js';
import { addCommand, examples } from '../program.js';
import { givenSources, openPorts } from '../sources.js';
import { styleFor } from '../style.js';

interface ProfileFlags extends EngineFlags, SubjectFlags {
  readonly rows?: number;
  readonly draws: number;
  readonly batch?: number;
  readonly warmup: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function addProfile(program: Command, host: Host): void {
  const command = addCommand(program, 'profile')
    .summary('measure the variance of the gradient on real data, by site and estimator')
    .description(
      'Draws the latents of rows of the data many times over, at the parameters of a checkpoint, and shows for each latent site the ' +
        "variance of the gradient by its distribution's parameters, the share of the likelihood ratio's variance that is removed, the " +
        'signal-to-noise ratio, and the time of a step; for several estimators on the same draws with --compare.',
    )
    .argument(
      '<file-or-run>',
      'model file, or folder of a run: then the model, its data and parameters are those of the run',
    )
    .option('--checkpoint <path>', 'parameters: folder of a run, or a .safetensors of one (default: as initialised)')
    .option('--compare <estimators>', 'list of estimators, each as after `via`, e.g. "muprop, nvil, muprop(order = 1)"')
    .option('--data <name=source>', 'where the data of this name come from (repeatable)', assignment)
    .option('--rows <n>', 'rows that are measured, drawn from the data (default: 100)', positiveInteger)
    .option('--draws <n>', 'draws of the latents per row', positiveInteger, 100)
    .option('--batch <n>', 'rows of a step, for its time and the warm-up (default: 100)', positiveInteger)
    .option(
      '--warmup <n>',
      'steps in which running means and the networks of baselines settle',
      notNegativeInteger,
      200,
    )
    .option('--seed <n>', 'seed of the rows, the draws and what is initialised', seed, 0)
    .option('--json', 'print JSON');
  addModelOptions(command);
  addEngineOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbn profile runs/sbn2-1',
        'sbn profile runs/sbn2-1 --compare muprop,nvil,straight_through,algorithm1',
        'sbn profile examples/deep.sbn --set L=4 --data x=train-images.gz,binarize=threshold',
        'sbn profile model.sbn --checkpoint runs/model-1 --compare "muprop, muprop(order = 1, scale = learned)"',
      ),
    )
    .action((path: string, flags: ProfileFlags) => profile(path, flags, host));
}

async function profile(path: string, flags: ProfileFlags, host: Host): Promise<void> {
  const subject = await openSubject(path, flags, host);
  const { artifact, candidates, checkpoint, origin } = subject;
  const parameters = checkpoint === undefined ? undefined : modelParameters(checkpoint, artifact);
  const sources = { ...subject.sources, ...givenSources('--data', flags.data, artifact.data, host) };
  const data = await openPorts('--data', sources, artifact.data);
  const engine = await openEngine(flags);
  const { rows, draws, batch, warmup, seed: seedNumber } = flags;
  const settings = { rows, draws, batch, warmUp: warmup, seed: seedNumber };
  const result = await profileGradients(candidates, { engine, parameters, data, ...settings });
  const { fixed } = subject;
  if (flags.compare !== undefined && fixed.length > 0)
    host.stderr.write(`${path}: ${fixed.join(', ')} ${fixed.length === 1 ? 'keeps its' : 'keep their'} own \`via\`\n`);
  const report = {
    ...{ artifact, candidates, profile: result, seed: seedNumber },
    checkpoint: checkpoint === undefined || origin === undefined ? undefined : { path: origin, step: checkpoint.step },
    engine: `${engine.name}, ${engine.backend}`,
  };
  host.stdout.write(flags.json === true ? profileAsJson(report) : renderProfile(report, styleFor(host.stdout)));
}
