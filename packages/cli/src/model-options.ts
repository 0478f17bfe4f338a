/** The options of every command that compiles a model: what of the file is replaced. */
import type { CompileOptions } from '@sbn/compiler';
import type { Command } from 'commander';
import { assignment, readConstants, type Assignments } from './options.js';

export interface ModelFlags {
  readonly set?: Assignments;
  readonly estimator?: string;
}

/** What a file is compiled with. */
export type ModelOptions = Required<Pick<CompileOptions, 'constants' | 'estimator'>>;

export function addModelOptions(command: Command): Command {
  return command
    .option('--set <constant=value>', 'set a constant of the file (repeatable)', assignment)
    .option('--estimator <text>', 'estimator of the sites without a `via`, e.g. "muprop(order = 2)"');
}

/** @throws UsageError for a constant that is no number. */
export function readModelOptions({ set, estimator }: ModelFlags): ModelOptions {
  return { constants: readConstants(set), estimator };
}
