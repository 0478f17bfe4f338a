/** Checkpoints as files. */
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../checkpoint.js';
import { CheckpointError } from '../errors.js';

/** Whether a file of this name is one that `writeCheckpointFile` writes before it renames it. */
export function isTemporary(name: string): boolean {
  return /^\..+\.safetensors\.[0-9a-f-]{36}\.tmp$/.test(name);
}

/**
 * Writes beside the target, syncs and renames: at every moment `path` is a whole checkpoint, old or
 * new. The folder must exist.
 * @throws the file system's own error when it cannot be written; the old file is kept then.
 */
export async function writeCheckpointFile(path: string, checkpoint: Checkpoint): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(encodeCheckpoint(checkpoint));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** @throws CheckpointError naming the path when it is missing, damaged or truncated. */
export async function readCheckpointFile(path: string): Promise<Checkpoint> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const problem = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${String(code ?? cause)})`;
    throw new CheckpointError(`${path}: ${problem}`, 'give the path of a checkpoint', { cause });
  }
  return decodeCheckpoint(bytes, path);
}
