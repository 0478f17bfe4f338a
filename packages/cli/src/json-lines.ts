/** `--json`: what happens in a run as one JSON object a line on stdout, and nothing else there. */
import { describeError, Exit, EXIT, isInterrupt } from './exit.js';
import type { Host } from './host.js';
import type { RunEvent, RunWatcher } from './run-events.js';

/** Milliseconds between two `progress` events. */
const INTERVAL = 1000;

/** Numbers that JSON has not, NaN and the infinite ones, become `null`. */
export class JsonLines implements RunWatcher {
  readonly #host: Host;
  readonly #steps: number;
  #last = -Infinity;

  /** `steps` in all. */
  constructor(steps: number, host: Host) {
    this.#host = host;
    this.#steps = steps;
  }

  wants(step: number, now: number): boolean {
    if (now - this.#last < INTERVAL && step !== this.#steps) return false;
    this.#last = now;
    return true;
  }

  see(event: RunEvent): void {
    writeEvent(event, this.#host);
  }
}

function writeEvent(event: RunEvent, host: Host): void {
  host.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Runs a command; with `--json` its failure is an event too, before it goes on to whoever says it on stderr. */
export async function withErrorEvent(isJson: boolean, host: Host, command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    // A run that was interrupted has ended with an event of its own.
    if (isJson && !isInterrupt(error)) writeEvent(describeFailure(error), host);
    throw error;
  }
}

function describeFailure(error: unknown): RunEvent {
  const described = describeError(error);
  const name = error instanceof Error ? error.name : 'Error';
  if (described !== undefined) {
    const { code, problem, hint } = described;
    return { kind: 'error', exitCode: code, name, problem, hint };
  }
  return {
    kind: 'error',
    exitCode: error instanceof Exit ? error.code : EXIT.usage,
    name: 'ModelError',
    problem: 'the model has errors: they are on stderr',
    hint: '`sbnc check --json` prints them as JSON',
  };
}
