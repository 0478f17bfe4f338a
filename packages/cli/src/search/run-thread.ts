/** One run of a search in a thread of its own. */
import { Worker } from 'node:worker_threads';
import { EXIT } from '../exit.js';
import type { TrainResult } from '../train.js';
import { INTERRUPT, type RunFailure, type RunMessage, type RunRequest } from './messages.js';

export type RunOutcome = { readonly kind: 'done'; readonly result: TrainResult } | RunFailure;

export interface RunThread {
  /** Never rejects. */
  readonly outcome: Promise<RunOutcome>;
  /** Ends the run after its current step. */
  interrupt(): void;
}

export type Heard = Exclude<RunMessage, RunOutcome>;

export function startThread(request: RunRequest, hear: (message: Heard) => void): RunThread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: request });
  const outcome = new Promise<RunOutcome>((resolve) => {
    worker.on('message', (message: RunMessage) => {
      if (message.kind === 'done' || message.kind === 'failed') resolve(message);
      else hear(message);
    });
    const fail = (problem: string): void => {
      resolve({ kind: 'failed', reason: 'error', code: EXIT.bug, problem });
    };
    // A thread that runs out of memory, or that we have a bug in.
    worker.on('error', (error) => {
      fail(error instanceof Error ? error.message : String(error));
    });
    worker.on('exit', (code) => {
      fail(`its thread ended with ${String(code)}`);
    });
  });
  return {
    outcome,
    interrupt: () => {
      worker.postMessage(INTERRUPT);
    },
  };
}
