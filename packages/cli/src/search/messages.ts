/** What the thread of a search and the threads of its runs say to each other. */
import type { ExitCode } from '../exit.js';
import type { RunFlags } from '../run/run-flags.js';
import type { RunEvent } from '../run-events.js';
import type { TrainResult } from '../train.js';

/** What a thread is started with. */
export interface RunRequest {
  /** The folder of the run, and what it is relative to. */
  readonly folder: string;
  readonly directory: string;
  readonly flags: RunFlags;
  /** Milliseconds between two `progress` events. */
  readonly interval: number;
}

export type RunMessage =
  | { readonly kind: 'event'; readonly event: RunEvent }
  /** What is meant for stderr: warnings, and what is wrong. */
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'done'; readonly result: TrainResult }
  | RunFailure;

export interface RunFailure {
  readonly kind: 'failed';
  /** `diverged`: the loss or a parameter is not finite any more. */
  readonly reason: 'diverged' | 'interrupted' | 'error';
  readonly code: ExitCode;
  /** In a line; empty after Ctrl-C. */
  readonly problem: string;
}

/** Ctrl-C, or another signal to end: what the thread of the search sends, and all that it sends. */
export const INTERRUPT = 'interrupt';
