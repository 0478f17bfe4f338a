/** One process at a time in the folder of a run: `run.lock` names the one that trains there. */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../exit.js';
import { reason, wayOut } from '../files.js';
import { isRecord } from '../json-record.js';
import { stateOf } from './process-start.js';

const NAME = 'run.lock';

/** A folder, as the user would write it too. */
export interface LockableFolder {
  readonly path: string;
  readonly absolute: string;
}

/** Who trains in a folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When it took the folder, as ISO 8601. */
  readonly since: string;
  /** Which process of that number it is, where the system tells. */
  readonly start?: string | undefined;
}

/** Another process trains in this folder. */
export class RunInUseError extends UserError {
  override readonly name = 'RunInUseError';
}

/** The locks that a command holds. */
export interface RunLocks {
  /** Until the command ends. @throws RunInUseError; UserError where the folder cannot be written */
  take(folder: LockableFolder): void;
}

/** Runs a command, and gives up at its end what it has locked. */
export async function withRunLocks<Result>(command: (locks: RunLocks) => Promise<Result>): Promise<Result> {
  const held: HeldLock[] = [];
  try {
    return await command({
      take: (folder) => {
        held.push(takeLock(folder));
      },
    });
  } finally {
    for (const lock of held) giveUp(lock);
  }
}

interface HeldLock {
  readonly file: string;
  readonly text: string;
}

function giveUp({ file, text }: HeldLock): void {
  try {
    // Where somebody has removed it by hand, it may be another's by now.
    if (readLock(file) === text) rmSync(file);
  } catch {
    // It is nobody's once this process has ended.
  }
}

function takeLock(folder: LockableFolder): HeldLock {
  const file = join(folder.absolute, NAME);
  const state = stateOf(process.pid);
  const start = state.kind === 'alive' ? state.start : undefined;
  const own: Holder = { pid: process.pid, host: hostname(), since: `${new Date().toISOString().slice(0, 19)}Z`, start };
  const text = `${JSON.stringify(own)}\n`;
  try {
    while (!createWhole(file, text)) {
      const found = readLock(file);
      // It has been given up in the meantime.
      if (found === undefined) continue;
      const holder = parseHolder(found);
      if (holder !== undefined && !hasEnded(holder)) throw inUse(folder, holder);
      takeAway(file, found);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot write ${join(folder.path, NAME)}: ${reason(error)}`, wayOut(error));
  }
  return { file, text };
}

/** Whether it was not there before. Nobody sees it without its text. */
function createWhole(file: string, text: string): boolean {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    // Some file systems have no links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return createAtOnce(file, text);
}

function createAtOnce(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined where there is none. */
function readLock(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined for what is no lock of ours: a file that a power cut has left empty. */
function parseHolder(text: string): Holder | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (!isRecord(read)) return undefined;
    const { pid, host, since, start } = read;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return undefined;
    return { pid, host, since, start: typeof start === 'string' ? start : undefined };
  } catch {
    return undefined;
  }
}

/** Of another machine's process nothing is known. */
function hasEnded({ pid, host, start }: Holder): boolean {
  if (host !== hostname()) return false;
  const now = stateOf(pid);
  if (now.kind === 'gone') return true;
  return start !== undefined && now.start !== undefined && start !== now.start;
}

/** Takes away the lock with this text, and no other that somebody who has seen the same has put into its place. */
function takeAway(file: string, text: string): void {
  const aside = `${file}.${randomUUID()}.tmp`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function inUse({ path }: LockableFolder, { pid, host, since }: Holder): RunInUseError {
  const isHere = host === hostname();
  const remove = `where no such process trains any more, remove ${join(path, NAME)}`;
  return new RunInUseError(
    `${path} is in use: process ${String(pid)} on ${isHere ? 'this machine' : host} trains there since ${since}`,
    `wait for it, or end it with \`kill ${String(pid)}\`${isHere ? '' : ' there'}, so that it writes a checkpoint; ${remove}`,
  );
}
