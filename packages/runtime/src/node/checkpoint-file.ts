/** Checkpoints as files. */
import type { Checkpoint } from '../checkpoint.js';

/** Writes beside the target, syncs and renames: at every moment `path` is a whole checkpoint, old or new. */
export declare function writeCheckpointFile(path: string, checkpoint: Checkpoint): Promise<void>;

/** @throws CheckpointError naming the path when it is missing, damaged or truncated. */
export declare function readCheckpointFile(path: string): Promise<Checkpoint>;
