/** `sbn resume`: goes on with a run. */
import type { Command } from 'commander';
import { addEngineOptions } from '../engine.js';
import type { Host } from '../host.js';
import { withErrorEvent } from '../json-lines.js';
import { positiveInteger, positiveNumber } from '../options.js';
import { addCommand, examples } from '../program.js';
import { resumeRun } from '../run/resume-run.js';
import { addCommonOptions, addTransferOptions, type RunFlags } from '../run/run-flags.js';

export function addResume(program: Command, host: Host): void {
  const command = addCommand(program, 'resume')
    .summary('go on with a run that was interrupted, or train it further')
    .description(
      'Goes on with a run from its checkpoint, exactly as if it had never stopped: same data, settings and noise. ' +
        'With more --steps or --epochs it is trained further than was planned, and so the next time too. `sbn run --resume` does the same.',
    )
    .argument('<run>', 'folder of a run')
    .option('--steps <n>', 'steps in all, those already done included (default: as planned)', positiveInteger)
    .option('--epochs <n>', 'passes over the data in all', positiveInteger)
    .option('--lr <x>', 'another learning rate from here on', positiveNumber);
  addCommonOptions(command);
  addTransferOptions(command);
  addEngineOptions(command)
    .addHelpText('after', examples('sbn resume runs/bars-1', 'sbn resume runs/bars-1 --steps 20000'))
    .action((run: string, flags: RunFlags) =>
      withErrorEvent(flags.json === true, host, async () => {
        await resumeRun(run, undefined, flags, host);
      }),
    );
}
