/** The options of `sbn run` and `sbn resume`, read; what is not given is undefined. */
import type { Command } from 'commander';
import type { EngineFlags } from '../engine.js';
import type { ModelFlags } from '../model-options.js';
import { positiveInteger, type Assignments, type OptimizerText } from '../options.js';

export interface RunFlags extends EngineFlags, ModelFlags {
  readonly data?: Assignments | undefined;
  readonly valid?: Assignments | undefined;
  readonly validShare?: number | undefined;
  readonly steps?: number | undefined;
  readonly epochs?: number | undefined;
  readonly batch?: number | undefined;
  readonly lr?: number | undefined;
  readonly optimizer?: OptimizerText | undefined;
  readonly momentum?: number | undefined;
  readonly seed?: number | undefined;
  readonly samples?: number | undefined;
  readonly validEvery?: number | undefined;
  readonly patience?: number | undefined;
  readonly checkpointEvery?: number | undefined;
  readonly keep?: number | undefined;
  readonly tensorboard?: boolean | undefined;
  readonly out?: string | undefined;
  readonly force?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
  /** The model as the run has it, whatever its file says now. */
  readonly keepModel?: boolean | undefined;
}

/** Those that both commands have in the same words. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--patience <n>', 'end the run after so many measurements no better than the best', positiveInteger)
    .option('--samples <k>', 'draws per row in the evaluation at the end (default: 1)', positiveInteger)
    .option('--quiet', 'show no progress')
    .option('--json', 'print what happens as JSON, an object a line, and nothing else (docs/runtime.md)');
}

/** Of a run that goes on, where its model or its settings have changed. */
export function addTransferOptions(command: Command): Command {
  return command
    .option('--keep-model', 'go on with the model as the run has it, whatever its file says now')
    .option('--force', 'go on with a model or data that have changed, in a new folder, from the parameters that fit')
    .option('--out <folder>', 'the new folder of --force (default: runs/<model>-<n>)');
}
