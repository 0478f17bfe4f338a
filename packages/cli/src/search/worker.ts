/** A thread that trains one run of a search, and says what happens. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { NonFiniteError } from '@sbn/runtime';
import { describeError, EXIT, isInterrupt, report } from '../exit.js';
import type { Host, Output } from '../host.js';
import { resumeRun } from '../run/resume-run.js';
import type { RunWatcher } from '../run-events.js';
import { INTERRUPT, type RunFailure, type RunMessage, type RunRequest } from './messages.js';

function silentOutput(write: (text: string) => void): Output {
  return { write, isTerminal: false, hasColor: false, columns: undefined };
}

function threadHost(port: MessagePort, directory: string, say: (message: RunMessage) => void): Host {
  const listeners = new Set<Parameters<Host['onInterrupt']>[0]>();
  let isInterrupted = false;
  port.on('message', (message) => {
    if (message !== INTERRUPT) return;
    isInterrupted = true;
    for (const listener of listeners) listener('SIGINT');
  });
  return {
    stdin: { isTerminal: true, read: () => new Uint8Array() },
    stdout: silentOutput(() => undefined),
    stderr: silentOutput((text) => {
      say({ kind: 'said', text });
    }),
    directory,
    now: () => performance.now(),
    onInterrupt: (listener) => {
      listeners.add(listener);
      // It may have come while the data were read.
      if (isInterrupted) listener('SIGINT');
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

function watch(interval: number, say: (message: RunMessage) => void): RunWatcher {
  let last = -Infinity;
  return {
    wants: (_, now) => {
      if (now - last < interval) return false;
      last = now;
      return true;
    },
    see: (event) => {
      say({ kind: 'event', event });
    },
  };
}

function describeFailure(error: unknown, host: Host): RunFailure {
  if (isInterrupt(error)) return { kind: 'failed', reason: 'interrupted', code: error.code, problem: '' };
  // What a rate that is too high does is a result, and no mistake of anybody's.
  if (error instanceof NonFiniteError)
    return { kind: 'failed', reason: 'diverged', code: EXIT.user, problem: error.problem };
  const code = report(error, host);
  return { kind: 'failed', reason: 'error', code, problem: describeError(error)?.problem ?? '' };
}

async function run(port: MessagePort, { folder, directory, flags, interval }: RunRequest): Promise<void> {
  const say = (message: RunMessage): void => {
    port.postMessage(message);
  };
  const host = threadHost(port, directory, say);
  try {
    say({ kind: 'done', result: await resumeRun(folder, undefined, flags, host, watch(interval, say)) });
  } catch (error) {
    say(describeFailure(error, host));
  } finally {
    port.close();
  }
}

if (parentPort !== null) await run(parentPort, workerData as RunRequest);
