/** What paths stand for: a file, several by a pattern, or a folder of pictures. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { at } from '@sbn/program';
import { GENERATORS } from '../data/generators/generator.js';
import { decodeFile } from '../data/formats/index.js';
import { joinFiles } from '../data/formats/join-files.js';
import { decodePng } from '../data/formats/png.js';
import type { RawField, RawFile } from '../data/formats/raw-file.js';
import { DataError } from '../errors.js';
import { closestName } from '../suggest.js';
import { openFileBytes } from './file-bytes.js';

/**
 * Reads `path`, relative to `directory`: a file; the files that a pattern such as `part-*.csv` matches, in the order of their names;
 * or a folder of PNG pictures of one size, whose folders, if there are any, are their labels.
 * @throws DataError naming the file
 */
export async function readFiles(path: string, directory: string): Promise<RawFile> {
  return readFound(await findFiles(path, directory));
}

/** What a path stands for, before anything of it is read. */
export interface FoundFiles {
  /** As it was given. */
  readonly path: string;
  readonly folder: string | undefined;
  readonly files: readonly FoundFile[];
}

export interface FoundFile {
  readonly whole: string;
  /** As it is called in messages. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** @throws DataError where there is none */
export async function findFiles(path: string, directory: string): Promise<FoundFiles> {
  const whole = resolve(directory, path);
  const found = await statOf(whole);
  if (found?.isDirectory() === true) return { path, folder: whole, files: [] };
  if (found !== undefined) return { path, folder: undefined, files: [{ whole, name: path, size: found.size }] };
  const matched = /[*?[\]{}]/.test(path) ? await matchFiles(path, directory) : [];
  if (matched.length === 0) throw notFound(path, whole);
  const files: FoundFile[] = [];
  for (const name of matched) {
    const one = resolve(directory, name);
    files.push({ whole: one, name, size: (await statOf(one))?.size ?? 0 });
  }
  return { path, folder: undefined, files };
}

/** @throws DataError naming the file */
export async function readFound({ path, folder, files: found }: FoundFiles): Promise<RawFile> {
  if (folder !== undefined) return readPictures(folder, path);
  const files: RawFile[] = [];
  for (const { whole, name } of found) files.push(await readOne(whole, name));
  return joinFiles(files, path);
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

async function matchFiles(pattern: string, directory: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  return (await glob(pattern, { cwd: directory, onlyFiles: true, expandDirectories: false })).sort(byName);
}

/** `part-2` before `part-10`. */
const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

async function readOne(path: string, name: string): Promise<RawFile> {
  const bytes = await readBytes(path, name);
  if (!/\.png$/i.test(name)) return decodeFile(bytes, name);
  const { width, height, values, full } = await decodePng(bytes, name);
  return { source: name, rows: 1, fields: [{ name: 'image', shape: [height, width], values, full }] };
}

/** @throws DataError also where it changes meanwhile */
async function readBytes(path: string, source: string): Promise<Uint8Array> {
  const file = await openFileBytes(path, source);
  try {
    return await file.read(0, file.size);
  } finally {
    await file.close();
  }
}

/** Fields `image` and, where pictures lie in folders, `label`. */
async function readPictures(folder: string, source: string): Promise<RawFile> {
  const { glob } = await import('tinyglobby');
  const names = [...(await glob('**/*.png', { cwd: folder, caseSensitiveMatch: false }))].sort(byName);
  if (names.length === 0) {
    throw new DataError(
      { source },
      'there is no PNG picture in this folder',
      'give a folder with .png files, or a file',
    );
  }
  const files: RawFile[] = [];
  for (const name of names) {
    const file = await readOne(resolve(folder, name), name);
    const first = files[0]?.fields[0] ?? at(file.fields, 0);
    const own = at(file.fields, 0);
    if (own.shape.join() !== first.shape.join()) {
      const problem = `the picture is ${own.shape.toReversed().join(' × ')} pixels, and others ${first.shape.toReversed().join(' × ')}`;
      throw new DataError({ source: relative('.', resolve(folder, name)) }, problem, 'bring all pictures to one size');
    }
    files.push(file);
  }
  const joined = joinFiles(files, source);
  const labels = names.map((name) => name.split(/[\\/]/).slice(0, -1).join(sep));
  if (labels.every((label) => label === '')) return { ...joined, source };
  const label: RawField = {
    name: 'label',
    shape: [],
    values: new Float64Array(names.length).fill(NaN),
    texts: labels,
    full: 1,
  };
  return { ...joined, source, fields: [...joined.fields, label] };
}

function notFound(name: string, path: string): DataError {
  const names = Object.keys(GENERATORS);
  const closest = closestName(name, names);
  const question = closest === undefined ? '' : `did you mean ${closest}? `;
  const hint = `${question}give the path of a file, a pattern such as part-*.csv, a folder of pictures, or a generator: ${names.join(', ')}`;
  return new DataError({ source: name }, `there is no file ${path}`, hint);
}
