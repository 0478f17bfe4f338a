/**
 * The checkpoints of a run in its folder: the newest, `checkpoint.safetensors`, those before it, `checkpoint.1.safetensors` and so on,
 * and the best, `best.safetensors`. Each file is whole at every moment, and at every moment there is one.
 */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../checkpoint.js';
import { CheckpointError } from '../errors.js';
import { isTemporary, readCheckpointFile, writeCheckpointFile } from './checkpoint-file.js';

const NEXT = 'checkpoint.next.safetensors';
const BEST = 'best.safetensors';

function nameOf(age: number): string {
  return age === 0 ? 'checkpoint.safetensors' : `checkpoint.${String(age)}.safetensors`;
}

/** A checkpoint, and what was wrong with newer ones. */
export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly path: string;
  readonly passedOver: readonly CheckpointError[];
}

export class CheckpointSeries {
  readonly #folder: string;
  readonly #keep: number;
  #isTidy = false;

  /** `keep` is how many of the newest are kept, 1 at least. */
  constructor(folder: string, keep: number) {
    this.#folder = folder;
    this.#keep = keep;
  }

  /** The newest takes the place of the one before, which is kept under another name. @throws the file system's own error */
  async write(checkpoint: Checkpoint): Promise<void> {
    await this.#tidy();
    await writeCheckpointFile(this.#path(NEXT), checkpoint);
    for (let age = this.#keep - 1; age > 0; age -= 1)
      await renameIfThere(this.#path(nameOf(age - 1)), this.#path(nameOf(age)));
    await rename(this.#path(NEXT), this.#path(nameOf(0)));
  }

  /** @throws the file system's own error */
  async writeBest(checkpoint: Checkpoint): Promise<void> {
    await writeCheckpointFile(this.#path(BEST), checkpoint);
  }

  /** The newest that is not damaged. @throws CheckpointError, that of the newest, where there is none */
  async readNewest(): Promise<FoundCheckpoint> {
    const passedOver: CheckpointError[] = [];
    // What was to become the newest is whole if it is there.
    for (const name of [NEXT, ...Array.from({ length: Math.max(this.#keep, 10) }, (_, age) => nameOf(age))]) {
      const path = this.#path(name);
      try {
        return { checkpoint: await readCheckpointFile(path), path, passedOver };
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
        if (!isMissing(error)) passedOver.push(error);
      }
    }
    throw (
      passedOver[0] ??
      new CheckpointError(`${this.#path(nameOf(0))}: there is no such file`, 'give the folder of a run')
    );
  }

  /** The one with the best measurement on the validation data. @throws CheckpointError where there is none, or it is damaged */
  async readBest(): Promise<Checkpoint> {
    return readCheckpointFile(this.#path(BEST));
  }

  /** Takes away what a process that was killed while it wrote has left, which would fill the disk in time. */
  async #tidy(): Promise<void> {
    if (this.#isTidy) return;
    this.#isTidy = true;
    const left = (await readdir(this.#folder)).filter(isTemporary);
    await Promise.all(left.map((name) => rm(this.#path(name), { force: true })));
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

function isMissing({ cause }: CheckpointError): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
