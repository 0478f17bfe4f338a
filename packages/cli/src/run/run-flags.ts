/** The options of `sbn run` and `sbn resume`, read; what is not given is undefined. */
import type { Command } from 'commander';
import type { EngineFlags } from '../engine.js';
import type { ModelFlags } from '../model-options.js';
import { positiveInteger, type Assignments, type OptimizerText } from '../options.js';

/** What a run that goes on may be given. */
export interface ResumeFlags extends EngineFlags {
  readonly steps?: number;
  readonly epochs?: number;
  readonly lr?: number;
  readonly patience?: number;
  readonly samples?: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** And what a new run may be given on top. */
export interface RunFlags extends ResumeFlags, ModelFlags {
  readonly data?: Assignments;
  readonly valid?: Assignments;
  readonly validShare?: number;
  readonly batch?: number;
  readonly optimizer?: OptimizerText;
  readonly momentum?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly keep?: number;
  readonly tensorboard?: boolean;
  readonly validEvery?: number;
  readonly checkpointEvery?: number;
}

/** Those that both commands have in the same words. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--patience <n>', 'end the run after so many measurements no better than the best', positiveInteger)
    .option('--samples <k>', 'draws per row in the evaluation at the end (default: 1)', positiveInteger)
    .option('--quiet', 'show no progress')
    .option('--json', 'print what happens as JSON, an object a line, and nothing else (docs/runtime.md)');
}
