/** `sbn sample`: draws from a trained model. */
import type { Command } from 'commander';
import { loadModel } from '@sbn/runtime';
import { encodeDraws, formatOf, renderDraws } from '../draws.js';
import type { Artifact } from '@sbn/program';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { UsageError } from '../exit.js';
import { checkWritable, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { assignment, positiveInteger, seed, type Assignments } from '../options.js';
import { addCommand, examples } from '../program.js';
import { openRunDirectory, readRunCheckpoint } from '../run-directory.js';
import { conditions, givenSources, openPorts, parseSources } from '../sources.js';

interface SampleFlags extends EngineFlags {
  readonly rows: number;
  readonly given?: Assignments;
  readonly seed: number;
  readonly width?: number;
  readonly output?: string;
  readonly best?: boolean;
  readonly means?: boolean;
}

export function addSample(program: Command, host: Host): void {
  const command = addCommand(program, 'sample')
    .summary('draw from a trained model')
    .description(
      'Draws rows from a trained model: pictures in the terminal where a row is a square binary image, numbers elsewhere. ' +
        'A model of one part of the data given another takes that from --given, or else from what it was trained on.',
    )
    .argument('<run>', 'folder of a run')
    .option('--rows <n>', 'how many rows', positiveInteger, 16)
    .option('--given <name=source>', 'data that the model is conditioned on (repeatable)', assignment)
    .option('--seed <n>', 'seed of the draws', seed, 0)
    .option('--width <pixels>', 'width of a picture that is not square', positiveInteger)
    .option('--best', 'the checkpoint with the best validation, not the newest')
    .option('-o, --output <path>', 'write to a file: .json (all sites), .npy, .txt or .png (the observed one)')
    .option('--means', 'write means given the drawn latents, and not draws');
  addEngineOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbn sample runs/bars-1',
        'sbn sample runs/sbn2-1 --rows 64 --seed 7',
        'sbn sample runs/completion-1 --width 28',
        'sbn sample runs/sbn2-1 --rows 10000 -o samples.npy',
        'sbn sample runs/sbn2-1 --rows 100 --means -o samples.png',
      ),
    )
    .action((run: string, flags: SampleFlags) => sample(run, flags, host));
}

async function sample(path: string, flags: SampleFlags, host: Host): Promise<void> {
  const { output, rows } = flags;
  const format = output === undefined ? undefined : formatOf(output);
  if (output !== undefined) checkWritable(output, host);
  const saved = openRunDirectory(path, host);
  const { artifact } = saved;
  const ports = conditions(artifact);
  checkNeeded(flags.given, new Set(ports.map(({ name }) => name)), artifact);
  const sources = { ...parseSources(saved.data), ...givenSources('--given', flags.given, ports, host) };
  const given = await openPorts('--given', sources, ports);
  const model = await loadModel(artifact, { engine: await openEngine(flags) });
  try {
    model.restore(await readRunCheckpoint(saved, flags.best === true, host));
    const draws = await model.sample({ rows, given, seed: flags.seed });
    const observed = artifact.sites.filter(({ role }) => role === 'observed');
    // A model of a cost alone observes nothing: what it draws is its latents.
    const shown = observed.length > 0 ? observed : artifact.sites;
    if (output === undefined || format === undefined) {
      host.stdout.write(renderDraws(draws, shown, { columns: host.stdout.columns ?? 80, width: flags.width }));
    } else {
      const kind = flags.means === true ? 'mean' : 'sample';
      writeFile(output, await encodeDraws(draws, shown, { format, kind, width: flags.width }), host);
    }
  } finally {
    model.dispose();
  }
}

/** @throws UsageError for data of the model that nothing is drawn from */
function checkNeeded(given: Assignments | undefined, needed: ReadonlySet<string>, { data }: Artifact): void {
  const idle = data.find(({ name }) => given?.has(name) === true && !needed.has(name));
  if (idle === undefined) return;
  const names = [...needed].map((name) => `\`${name}\``).join(', ');
  throw new UsageError(
    `--given ${idle.name}: the model does not draw anything given \`${idle.name}\``,
    needed.size === 0 ? 'leave it out: this model draws without any data' : `it draws given ${names}`,
  );
}
