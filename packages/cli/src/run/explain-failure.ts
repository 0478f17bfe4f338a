/** What a run that breaks off says of itself: the cause, what is safe, and how it goes on. */
import { NonFiniteError } from '@sbn/runtime';
import type { CheckpointSeries } from '@sbn/runtime/node';
import { UserError } from '../exit.js';
import { reason, wayOut } from '../files.js';
import { formatCount } from '../numbers.js';
import type { RunDirectory } from '../run-directory.js';
import { shellWord } from '../shell-word.js';

interface BrokenRun {
  readonly directory: RunDirectory;
  readonly checkpoints: CheckpointSeries;
  /** Learning rate that it was trained with. */
  readonly lr: number | undefined;
}

/** The error itself where it is neither of writing into the folder nor of numbers that have become infinite. */
export async function explainFailure(error: unknown, { directory, checkpoints, lr }: BrokenRun): Promise<unknown> {
  const resume = `sbn resume ${shellWord(directory.path)}`;
  if (error instanceof NonFiniteError) {
    // In the first step's loss the rate has had no part.
    if (lr === undefined || !error.hint.includes('learning rate')) return error;
    const lower = `${resume} --lr ${Number((lr / 10).toPrecision(3))}`;
    return error.withHint(`${error.hint}; ${await describeSafe(checkpoints, lower)}`);
  }
  if (!isWriteError(error)) return error;
  const hints = [wayOut(error), await describeSafe(checkpoints, resume)];
  return new UserError(
    `cannot write ${error.path ?? directory.path}: ${reason(error)}`,
    hints.filter((hint) => hint !== '').join('; '),
  );
}

function isWriteError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error && error.syscall !== 'read';
}

/** Read again, so that what is said to be whole is. */
async function describeSafe(checkpoints: CheckpointSeries, command: string): Promise<string> {
  try {
    const { checkpoint } = await checkpoints.readNewest();
    return `the checkpoint after step ${formatCount(checkpoint.step)} is whole, and \`${command}\` goes on from there`;
  } catch {
    return `there is no checkpoint yet: \`${command}\` begins anew`;
  }
}
