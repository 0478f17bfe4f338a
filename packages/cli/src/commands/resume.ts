/** `sbn resume`: goes on with a run. */
import type { Command } from 'commander';
import { addEngineOptions } from '../engine.js';
import type { Host } from '../host.js';
import { withErrorEvent } from '../json-lines.js';
import { positiveInteger, positiveNumber } from '../options.js';
import { addCommand, examples } from '../program.js';
import { resumeRun } from '../run/resume-run.js';
import { addCommonOptions, addTransferOptions } from '../run/run-flags.js';
import { isSearchFolder } from '../search/search-folder.js';
import { resumeSearch, type SearchFlags } from '../search/start-search.js';

export function addResume(program: Command, host: Host): void {
  const command = addCommand(program, 'resume')
    .summary('go on with a run that was interrupted, or train it further')
    .description(
      'Goes on with a run from its checkpoint, exactly as if it had never stopped: same data, settings and noise. ' +
        'With more --steps or --epochs it is trained further than was planned, and so the next time too. A model or data that have changed since are refused, with what has changed. `sbn run --resume` does the same.',
    )
    .argument('<run>', 'folder of a run, or of a search over learning rates')
    .option('--steps <n>', 'steps in all, those already done included (default: as planned)', positiveInteger)
    .option('--epochs <n>', 'passes over the data in all', positiveInteger)
    .option('--lr <x>', 'another learning rate from here on', positiveNumber)
    .option('--jobs <n>', 'runs of a search at a time (default: one for each core)', positiveInteger);
  addCommonOptions(command);
  addTransferOptions(command);
  addEngineOptions(command)
    .addHelpText('after', examples('sbn resume runs/bars-1', 'sbn resume runs/bars-1 --steps 20000'))
    .action((run: string, flags: SearchFlags) =>
      withErrorEvent(flags.json === true, host, () => goOn(run, undefined, flags, host)),
    );
}

/** Goes on with a run, or with all runs of a search. */
export async function goOn(path: string, file: string | undefined, flags: SearchFlags, host: Host): Promise<void> {
  if (isSearchFolder(path, host)) await resumeSearch(path, file, flags, host);
  else await resumeRun(path, file, flags, host);
}
