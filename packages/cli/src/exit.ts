/** How a command ends: its exit code, and what it says when something is wrong. */
import { CommanderError } from 'commander';
import type { RuntimeError } from '@sbn/runtime';
import type { Host } from './host.js';
import type { InterruptSignal } from './signals.js';
import { styleFor, type Style } from './style.js';

export const EXIT = {
  ok: 0,
  /** The user's model or data. */
  user: 1,
  /** The command line. */
  usage: 2,
  /** A bug of ours (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** 128 + the number of the signal that ended it. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a command ends that a signal has asked to end, as shells count it. */
export const SIGNAL_EXITS: Readonly<Record<InterruptSignal, ExitCode>> = {
  SIGHUP: EXIT.hungUp,
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
};

/** A mistake in a model, in data or in files: exit code 1. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly hint: string;
  /** Whole lines between the problem and the hint. */
  readonly detail: string;

  constructor(problem: string, hint = '', detail = '') {
    super(problem);
    this.hint = hint;
    this.detail = detail;
  }
}

/** A mistake in the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;

  constructor(problem: string, hint = '') {
    super(problem);
    this.hint = hint;
  }
}

/** The command has said all there is to say, and ends with this code. */
export class Exit extends Error {
  override readonly name = 'Exit';
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Whether the command has ended as a signal has asked it to, and has said so. */
export function isInterrupt(error: unknown): error is Exit {
  return error instanceof Exit && Object.values(SIGNAL_EXITS).includes(error.code);
}

/** `error: problem`, and below it the way out, with `detail` between them. */
export function renderError(problem: string, hint: string, style: Style, detail = ''): string {
  const first = `${style.bold(style.red('error'))}${style.bold(`: ${problem}`)}\n${detail}`;
  return hint === '' ? first : `${first}  = hint: ${hint}\n`;
}

/** Told by its fields: the class would bring the engines with it, which `sbnc` has no use for. */
function isRuntimeError(error: unknown): error is RuntimeError {
  return error instanceof Error && 'problem' in error && 'hint' in error;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

export interface ErrorDescription {
  readonly code: ExitCode;
  readonly problem: string;
  /** The way out; empty where there is none to name. */
  readonly hint: string;
}

/** In words; undefined where it has been said already. */
export function describeError(error: unknown): ErrorDescription | undefined {
  // Commander has written its message, or the help, before it throws.
  if (error instanceof Exit || error instanceof CommanderError) return undefined;
  if (error instanceof UsageError) return { code: EXIT.usage, problem: error.message, hint: error.hint };
  if (error instanceof UserError) return { code: EXIT.user, problem: error.message, hint: error.hint };
  if (isRuntimeError(error)) return { code: EXIT.user, problem: error.problem, hint: error.hint };
  if (isSystemError(error)) return { code: EXIT.user, problem: error.message, hint: '' };
  return {
    code: EXIT.bug,
    problem: 'this is a bug in sbn, not in your model',
    hint: 'please report it, with the command, the model file and the text below',
  };
}

/** Says what is wrong, and gives the exit code for it. A stack is shown only for what is our fault. */
export function report(error: unknown, host: Host): ExitCode {
  if (error instanceof Exit) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const described = describeError(error);
  if (described === undefined) return EXIT.bug;
  const details = error instanceof UserError ? error.detail : '';
  host.stderr.write(renderError(described.problem, described.hint, styleFor(host.stderr), details));
  if (described.code === EXIT.bug) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.stderr.write(`\n${detail}\n`);
  }
  return described.code;
}
