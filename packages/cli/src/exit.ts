/** How a command ends: its exit code, and what it says when something is wrong. */
import { CommanderError } from 'commander';
import type { RuntimeError } from '@sbn/runtime';
import type { Host } from './host.js';
import { styleFor, type Style } from './style.js';

export const EXIT = {
  ok: 0,
  /** The user's model or data. */
  user: 1,
  /** The command line. */
  usage: 2,
  /** A bug of ours (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake in a model, in data or in files: exit code 1. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly hint: string;

  constructor(problem: string, hint = '') {
    super(problem);
    this.hint = hint;
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

/** `error: problem`, and below it the way out. */
export function renderError(problem: string, hint: string, style: Style): string {
  const first = `${style.bold(style.red('error'))}${style.bold(`: ${problem}`)}\n`;
  return hint === '' ? first : `${first}  = hint: ${hint}\n`;
}

/** Told by its fields: the class would bring the engines with it, which `sbnc` has no use for. */
function isRuntimeError(error: unknown): error is RuntimeError {
  return error instanceof Error && 'problem' in error && 'hint' in error;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Says what is wrong, and gives the exit code for it. A stack is shown only for what is our fault. */
export function report(error: unknown, host: Host): ExitCode {
  const style = styleFor(host.stderr);
  const say = (problem: string, hint: string): void => {
    host.stderr.write(renderError(problem, hint, style));
  };
  if (error instanceof Exit) return error.code;
  // Commander has written its message, or the help, before it throws.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    say(error.message, error.hint);
    return EXIT.usage;
  }
  if (error instanceof UserError) {
    say(error.message, error.hint);
    return EXIT.user;
  }
  if (isRuntimeError(error)) {
    say(error.problem, error.hint);
    return EXIT.user;
  }
  if (isSystemError(error)) {
    say(error.message, '');
    return EXIT.user;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(
    'this is a bug in sbn, not in your model',
    'please report it, with the command, the model file and the text below',
  );
  host.stderr.write(`\n${detail}\n`);
  return EXIT.bug;
}
