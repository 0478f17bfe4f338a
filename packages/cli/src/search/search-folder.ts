/** The folder of a search over learning rates: `search.json`, and a folder for the run of each rate. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../exit.js';
import { readJson, replaceFile } from '../files.js';
import type { Host } from '../host.js';
import { SEARCH_FILE } from '../run-directory.js';
import { isRecord } from '../json-record.js';

/** A learning rate, and the folder of its run as the user would write it. */
export interface SearchedRate {
  readonly rate: number;
  readonly folder: string;
}

/** In the order that they are tried in. */
export function placeRates(path: string, rates: readonly number[]): readonly SearchedRate[] {
  return rates.map((rate) => ({ rate, folder: join(path, `lr-${String(rate)}`) }));
}

export function isSearchFolder(path: string, host: Host): boolean {
  return existsSync(resolve(host.directory, path, SEARCH_FILE));
}

export function writeSearch(path: string, rates: readonly number[], host: Host): void {
  const search = { format: 'sbn-search', version: 1, rates };
  replaceFile(join(path, SEARCH_FILE), `${JSON.stringify(search, undefined, 2)}\n`, host);
}

/** @throws UserError where it is damaged */
export function readSearch(path: string, host: Host): readonly SearchedRate[] {
  const file = join(path, SEARCH_FILE);
  const search = readJson(file, host);
  const rates: unknown = isRecord(search) && search['format'] === 'sbn-search' ? search['rates'] : undefined;
  if (!Array.isArray(rates) || !rates.every((rate) => typeof rate === 'number'))
    throw new UserError(`${file} is damaged: what are its rates?`);
  return placeRates(path, rates);
}
