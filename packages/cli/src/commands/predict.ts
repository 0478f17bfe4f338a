/** `sbn predict`: what is observed, given the rest of the data. */
import type { Command } from 'commander';
import { at } from '@sbn/program';
import { loadModel, type Draws, type Model, type Dataset } from '@sbn/runtime';
import { encodeDraws, formatOf, renderDraws } from '../draws.js';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { UserError } from '../exit.js';
import { checkWritable, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { assignment, positiveInteger, seed, type Assignments } from '../options.js';
import { addCommand, examples } from '../program.js';
import { openRunDirectory, readRunCheckpoint } from '../run-directory.js';
import { conditions, givenSources, measuredSources, openPorts } from '../sources.js';

interface PredictFlags extends EngineFlags {
  readonly given?: Assignments;
  readonly rows: number;
  readonly samples: number;
  readonly seed: number;
  readonly width?: number;
  readonly best?: boolean;
  readonly output?: string;
}

export function addPredict(program: Command, host: Host): void {
  const command = addCommand(program, 'predict')
    .summary('predict what is observed, given the rest of the data')
    .description(
      'The mean of what a conditional model observes, such as the lower half of a digit given its upper half, over --samples draws of its latents for each row. ' +
        'Without --given, for what the run was validated on, or else trained on.',
    )
    .argument('<run>', 'folder of a run')
    .option('--given <name=source>', 'data that the model is conditioned on (repeatable)', assignment)
    .option('--rows <n>', 'how many rows, from the first', positiveInteger, 16)
    .option('--samples <k>', 'draws per row', positiveInteger, 100)
    .option('--seed <n>', 'seed of the draws', seed, 0)
    .option('--width <pixels>', 'width of a picture that is not square', positiveInteger)
    .option('--best', 'the checkpoint with the best validation, not the newest')
    .option('-o, --output <path>', 'write to a file: .json, .npy, .txt or .png');
  addEngineOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbn predict runs/completion-1 --width 28',
        'sbn predict runs/completion-1 --given top=t10k-images.gz,binarize=threshold,slice=top -o bottom.npy',
      ),
    )
    .action((run: string, flags: PredictFlags) => predict(run, flags, host));
}

async function predict(path: string, flags: PredictFlags, host: Host): Promise<void> {
  const { output, width } = flags;
  const format = output === undefined ? undefined : formatOf(output);
  if (output !== undefined) checkWritable(output, host);
  const saved = openRunDirectory(path, host);
  const { artifact } = saved;
  const ports = conditions(artifact);
  const observed = artifact.sites.filter(({ role }) => role === 'observed');
  if (ports.length === 0 || observed.length === 0) {
    throw new UserError(
      'the model predicts nothing: what it observes is given no other data',
      '`sbn sample` draws from it',
    );
  }
  const sources = {
    ...measuredSources(saved, undefined, host).sources,
    ...givenSources('--given', flags.given, ports, host),
  };
  const given = await openPorts('--given', sources, ports);
  const model = await loadModel(artifact, { engine: await openEngine(flags) });
  try {
    model.restore(await readRunCheckpoint(saved, flags.best === true, host));
    const rows = given === undefined ? flags.rows : Math.min(flags.rows, given.rows);
    const draws = await meanOfDraws(model, given, rows, flags);
    if (output === undefined || format === undefined) {
      host.stdout.write(renderDraws(draws, observed, { columns: host.stdout.columns ?? 80, width, kind: 'mean' }));
    } else writeFile(output, await encodeDraws(draws, observed, { format, kind: 'mean', width }), host);
  } finally {
    model.dispose();
  }
}

/** E[observed | given], an average over draws of the latents: the mean of each site; its sample is the last draw. */
async function meanOfDraws(
  model: Model,
  given: Dataset | undefined,
  rows: number,
  { samples, seed: first }: PredictFlags,
): Promise<Draws> {
  const all: Draws[] = [];
  const sums = new Map<string, Float64Array>();
  for (let draw = 0; draw < samples; draw += 1) {
    const draws = await model.sample({ rows, given, seed: (first + draw) % 2 ** 32 });
    all[0] = draws;
    for (const [id, { mean }] of Object.entries(draws.sites)) {
      const sum = sums.get(id) ?? new Float64Array(mean.length);
      mean.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + value / samples));
      sums.set(id, sum);
    }
  }
  const last = at(all, 0);
  const sites = Object.entries(last.sites).map(
    ([id, site]) => [id, { ...site, mean: sums.get(id) ?? site.mean }] as const,
  );
  return { ...last, sites: Object.fromEntries(sites) };
}
