/** Opens sources of data from files. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DataPort, SourceSpec } from '@sbn/program';
import { datasetFromColumns, findPort } from '../data/arrays.js';
import { GENERATORS } from '../data/generators/generator.js';
import { columnFromBytes, generateColumn } from '../data/source.js';
import { checkSourceOptions, isGenerator } from '../data/source-spec.js';
import type { Column, Dataset } from '../dataset.js';
import { DataError } from '../errors.js';
import { closestName } from '../suggest.js';

export interface OpenOptions {
  /** What relative paths are relative to; default the working directory. */
  readonly directory?: string | undefined;
}

/**
 * Opens a generator or an IDX file, plain or gzipped.
 * @throws DataError naming the data name and the path when a file is missing, unreadable or damaged,
 * or when its values do not fit the port.
 */
export async function openSource(spec: SourceSpec, port: DataPort, options: OpenOptions = {}): Promise<Column> {
  checkSourceOptions(spec);
  if (isGenerator(spec)) return generateColumn(spec, port);
  const path = resolve(options.directory ?? '.', spec.name);
  return columnFromBytes(spec, port, await readBytes(path, spec, port));
}

async function readBytes(path: string, spec: SourceSpec, port: DataPort): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const place = { data: port.name, source: spec.name };
    if (code !== 'ENOENT') {
      const problem = code === 'EISDIR' ? 'is a folder' : `cannot be read (${String(code ?? cause)})`;
      throw new DataError(place, problem, 'give a file that can be read', { cause });
    }
    const names = Object.keys(GENERATORS);
    const closest = closestName(spec.name, names);
    const question = closest === undefined ? '' : `did you mean ${closest}? `;
    const hint = `${question}give the path of an IDX file, or a generator: ${names.join(', ')}`;
    throw new DataError(place, `there is no file ${path}`, hint, { cause });
  }
}

/**
 * Opens one source per data name and joins them.
 * @throws DataError also for a name that the model does not declare, and where numbers of rows differ.
 */
export async function openDataset(
  ports: readonly DataPort[],
  specs: Readonly<Record<string, SourceSpec>>,
  options: OpenOptions = {},
): Promise<Dataset> {
  const columns: Column[] = [];
  for (const [name, spec] of Object.entries(specs))
    columns.push(await openSource(spec, findPort(ports, name), options));
  return datasetFromColumns(columns);
}
