/** `sbn posterior`: the latents of rows of data. */
import type { Command } from 'commander';
import { loadModel } from '@sbn/runtime';
import { encodeDraws, formatOf, renderDraws } from '../draws.js';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { UserError } from '../exit.js';
import { checkWritable, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { assignment, positiveInteger, seed, type Assignments } from '../options.js';
import { addCommand, examples } from '../program.js';
import { openRunDirectory, readRunCheckpoint } from '../run-directory.js';
import { measuredSources, openPorts } from '../sources.js';

interface PosteriorFlags extends EngineFlags {
  readonly data?: Assignments;
  readonly site?: string;
  readonly rows: number;
  readonly seed: number;
  readonly best?: boolean;
  readonly means?: boolean;
  readonly output?: string;
}

export function addPosterior(program: Command, host: Host): void {
  const command = addCommand(program, 'posterior')
    .summary('show the latents of rows of data')
    .description(
      'Draws the latents given rows of data, as in training: from the guide where there is one, from the model elsewhere; those that a likelihood sums out ' +
        'come from their exact posterior. Without --data, of what the run was validated on, or else trained on.',
    )
    .argument('<run>', 'folder of a run')
    .option('--data <name=source>', 'where the data of this name come from (repeatable)', assignment)
    .option('--site <id>', 'only this latent')
    .option('--rows <n>', 'how many rows, from the first', positiveInteger, 16)
    .option('--seed <n>', 'seed of the draws', seed, 0)
    .option('--best', 'the checkpoint with the best validation, not the newest')
    .option('-o, --output <path>', 'write to a file: .json (draws and means of all), .npy or .txt (of one site)')
    .option('--means', 'write means given the drawn parents, and not draws');
  addEngineOptions(command)
    .addHelpText(
      'after',
      examples('sbn posterior runs/mixture-1 --means', 'sbn posterior runs/sbn2-1 --site h1 --rows 10000 -o h1.npy'),
    )
    .action((run: string, flags: PosteriorFlags) => posterior(run, flags, host));
}

async function posterior(path: string, flags: PosteriorFlags, host: Host): Promise<void> {
  const { output } = flags;
  const format = output === undefined ? undefined : formatOf(output);
  if (output !== undefined) checkWritable(output, host);
  const saved = openRunDirectory(path, host);
  const { artifact } = saved;
  const latents = artifact.sites.filter(({ role }) => role === 'latent');
  const shown = flags.site === undefined ? latents : latents.filter(({ id }) => id === flags.site);
  if (shown.length === 0) {
    const names = latents.map(({ id }) => id).join(', ');
    throw new UserError(
      flags.site === undefined ? 'the model has no latents' : `the model has no latent ${flags.site}`,
      names === '' ? '' : `it has ${names}`,
    );
  }
  const { sources } = measuredSources(saved, flags.data, host);
  const data = await openPorts('--data', sources, artifact.data);
  const model = await loadModel(artifact, { engine: await openEngine(flags) });
  try {
    model.restore(await readRunCheckpoint(saved, flags.best === true, host));
    const rows = data === undefined ? flags.rows : Math.min(flags.rows, data.rows);
    const draws = await model.posterior(data, { rows, seed: flags.seed });
    const kind = flags.means === true ? 'mean' : 'sample';
    if (output === undefined || format === undefined) {
      host.stdout.write(renderDraws(draws, shown, { columns: host.stdout.columns ?? 80, kind }));
    } else writeFile(output, await encodeDraws(draws, shown, { format, kind }), host);
  } finally {
    model.dispose();
  }
}
