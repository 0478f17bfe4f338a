/** Opens sources of data from files. */
import type { DataPort, SourceSpec } from '@sbn/program';
import { datasetFromColumns, findPort } from '../data/arrays.js';
import type { RawFile } from '../data/formats/raw-file.js';
import { columnFromFile, generateColumn } from '../data/source.js';
import { checkSourceOptions, isGenerator } from '../data/source-spec.js';
import type { Column, Dataset } from '../dataset.js';
import { DataError } from '../errors.js';
import { readFiles } from './read-files.js';

export interface OpenOptions {
  /** What relative paths are relative to; default the working directory. */
  readonly directory?: string | undefined;
}

/**
 * Opens a generator, a file (IDX, NPY, NPZ, CSV, TSV, JSON lines, Parquet, PNG; plain or gzipped), files that a pattern matches, or a folder of pictures.
 * @throws DataError naming the data name and the path when a file is missing, unreadable or damaged,
 * or when its values do not fit the port.
 */
export async function openSource(spec: SourceSpec, port: DataPort, options: OpenOptions = {}): Promise<Column> {
  checkSourceOptions(spec);
  if (isGenerator(spec)) return generateColumn(spec, port);
  return columnFromFile(spec, port, await readFor(port, spec, options));
}

/** What is wrong with a file is said of the data that come from it. */
async function readFor(port: DataPort, spec: SourceSpec, options: OpenOptions): Promise<RawFile> {
  try {
    return await readFiles(spec.name, options.directory ?? '.');
  } catch (error) {
    if (!(error instanceof DataError) || error.place.data !== undefined) throw error;
    throw new DataError({ ...error.place, data: port.name }, error.problemAlone, error.hint, { cause: error.cause });
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
