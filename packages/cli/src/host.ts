/** What a command sees of the world, so that tests can give it another one. */
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { EXIT } from './exit.js';
import { onSignals, type InterruptSignal } from './signals.js';

export interface Output {
  write(text: string): void;
  /** Whether a person may be looking: lines can be drawn over. */
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  /** Width in characters; undefined where lines may be of any length. */
  readonly columns: number | undefined;
}

export interface Input {
  /** Whether a person would have to type it. */
  readonly isTerminal: boolean;
  /** All of it. @throws an error of the system's where it cannot be read. */
  read(): Uint8Array;
}

export interface Host {
  readonly stdin: Input;
  /** For results. */
  readonly stdout: Output;
  /** For diagnostics and progress. */
  readonly stderr: Output;
  /** What relative paths are relative to. */
  readonly directory: string;
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Calls `listener` at Ctrl-C and the like, instead of ending the process, until the returned function is called. */
  onInterrupt(listener: (signal: InterruptSignal) => void): () => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `NO_COLOR` and `FORCE_COLOR` as at no-color.org and force-color.org, else colors for terminals only. */
export function wantsColor(isTerminal: boolean, environment: Environment): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}

type ProcessStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

function processOutput(stream: ProcessStream, environment: Environment): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader may leave, as `head` does, or close the terminal: there is nobody left to tell.
    if (error.code === 'EPIPE' || error.code === 'EIO') return;
    if (stream !== process.stderr) process.stderr.write(`error: cannot write the output: ${error.message}\n`);
    // No command waits for its output to be written, so none can end for it.
    process.exit(EXIT.user);
  });
  const isTerminal = stream.isTTY === true;
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: isTerminal && environment['TERM'] !== 'dumb',
    hasColor: wantsColor(isTerminal, environment),
    get columns() {
      // Some terminals say 0 for "unknown".
      return stream.columns === 0 ? undefined : stream.columns;
    },
  };
}

/** The process this runs in. */
export function processHost(): Host {
  return {
    // Not `process.stdin`: where that has been looked at, a pipe may answer that it has nothing yet.
    stdin: { isTerminal: isatty(0), read: () => readFileSync(0) },
    stdout: processOutput(process.stdout, process.env),
    stderr: processOutput(process.stderr, process.env),
    directory: process.cwd(),
    now: () => performance.now(),
    onInterrupt: onSignals,
  };
}
