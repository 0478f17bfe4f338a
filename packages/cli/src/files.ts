/** Reading and writing files that the user named, with errors that name them too. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from './exit.js';
import type { Host } from './host.js';

/** What the system says, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EEXIST':
      return 'there is a file of that name';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of its path is a file, not a folder';
    case 'ENOSPC':
      return 'no space is left on the device';
    case 'EDQUOT':
      return 'the quota is used up';
    case 'EFBIG':
      return 'it would be larger than files may be here';
    case 'EROFS':
      return 'the file system is read-only';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** What can be done about it; empty where that cannot be said. */
export function wayOut(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'make room there, or write to another place';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EFBIG':
      return 'allow it, or write to another place';
    default:
      return '';
  }
}

/** The text of a UTF-8 file. @throws UserError when it cannot be read, or is not text. */
export function readText(path: string, what: string, host: Pick<Host, 'directory'>): string {
  const read = tryReadText(path, what, host);
  if ('text' in read) return read.text;
  throw new UserError(read.isRead ? `${path} is ${read.problem}` : `cannot read ${path}: ${read.problem}`);
}

/** A text, or why there is none; `isRead` where there is a file, though of another kind. */
export type ReadText = { readonly text: string } | { readonly problem: string; readonly isRead: boolean };

export function tryReadText(path: string, what: string, host: Pick<Host, 'directory'>): ReadText {
  const absolute = resolve(host.directory, path);
  let bytes: Uint8Array;
  try {
    if (statSync(absolute).isDirectory()) return { problem: `a folder, not ${what}`, isRead: true };
    bytes = readFileSync(absolute);
  } catch (error) {
    return { problem: reason(error), isRead: false };
  }
  return decode(bytes, what);
}

/** The text of standard input. @throws UserError when it cannot be read, or is not text. */
export function readStandardInput(host: Host): string {
  let bytes: Uint8Array;
  try {
    bytes = host.stdin.read();
  } catch (error) {
    throw new UserError(`cannot read standard input: ${reason(error)}`);
  }
  const read = decode(bytes, 'a model file');
  if ('text' in read) return read.text;
  throw new UserError(`standard input is ${read.problem}`);
}

function decode(bytes: Uint8Array, what: string): ReadText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `not ${what}: it is not UTF-8 text`, isRead: true };
  }
}

/** The value of a JSON file. @throws UserError when it cannot be read, or is not JSON. */
export function readJson(path: string, host: Host): unknown {
  const text = readText(path, 'a JSON file', host);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${reason(error).replaceAll(/\s+/g, ' ')}`);
  }
}

/** @throws UserError when it cannot be written. */
export function writeFile(path: string, content: string | Uint8Array, host: Host): void {
  try {
    writeFileSync(resolve(host.directory, path), content);
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${reason(error)}`, wayOut(error));
  }
}

/** Brings what was written to the disk. What has none, such as a pipe, is left alone. @throws the file system's own error */
export function syncFile(file: number): void {
  try {
    fsyncSync(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EINVAL')) throw error;
  }
}

/** Writes beside the file, syncs and renames: at every moment it is whole, old or new. @throws UserError when it cannot be written. */
export function replaceFile(path: string, content: string, host: Pick<Host, 'directory'>): void {
  const absolute = resolve(host.directory, path);
  const temporary = `${absolute}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, absolute);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UserError(`cannot write ${path}: ${reason(error)}`, wayOut(error));
  }
}

/** Makes a folder, and those above it. @throws UserError */
export function makeFolder(path: string, host: Host): void {
  try {
    makeFolders(resolve(host.directory, path));
  } catch (error) {
    throw new UserError(`cannot make the folder ${path}: ${reason(error)}`, wayOut(error));
  }
}

/** Whether there was none of that name. The folder above it must be there. @throws UserError */
export function makeNewFolder(path: string, host: Host): boolean {
  const absolute = resolve(host.directory, path);
  // On a file system that cannot be written, the system may say that first.
  if (existsSync(absolute)) return false;
  try {
    mkdirSync(absolute);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new UserError(`cannot make the folder ${path}: ${reason(error)}`, wayOut(error));
  }
}

/** Node's own `recursive` never returns where a file system refuses a folder as if its parent were missing, as /proc does. */
function makeFolders(absolute: string): void {
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(absolute);
  if (parent !== absolute) makeFolders(parent);
  mkdirSync(absolute);
}

/** Fails before the work rather than after it. @throws UserError when `path` could not be written. */
export function checkWritable(path: string, host: Host): void {
  const absolute = resolve(host.directory, path);
  const existing = statSync(absolute, { throwIfNoEntry: false });
  if (existing?.isDirectory() === true) throw new UserError(`cannot write ${path}: it is a folder`);
  if (statSync(dirname(absolute), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError(`cannot write ${path}: there is no folder ${dirname(path)}`);
  }
}
