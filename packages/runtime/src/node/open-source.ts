/** Opens sources of data from files. */
import { availableParallelism } from 'node:os';
import type { DataPort, SourceSpec } from '@sbn/program';
import { datasetFromColumns, findPort } from '../data/arrays.js';
import { portWidth } from '../data/ports.js';
import { generateColumn } from '../data/source.js';
import { checkSourceOptions, isGenerator } from '../data/source-spec.js';
import type { Column, Dataset } from '../dataset.js';
import { saidOfData } from '../errors.js';
import { openInWorker } from './column-in-worker.js';
import { isStreamed, openFiles, STREAM_ABOVE, type OpenFiles } from './open-files.js';
import { findFiles } from './read-files.js';

export interface OpenOptions {
  /** What relative paths are relative to; default the working directory. */
  readonly directory?: string | undefined;
  /** Bytes in memory above which files are read piece by piece, where their source does not say; default 512 MiB. */
  readonly streamAbove?: number | undefined;
  /** Whether rows are read in a thread of their own; by default where that takes long (those of large files, and draws of `binarize=bernoulli`) and there is more than one processor. */
  readonly worker?: boolean | undefined;
}

/**
 * Opens a generator, a file (IDX, NPY, NPZ, CSV, TSV, JSON lines, Parquet, PNG; plain or gzipped), files that a pattern matches, or a folder of pictures.
 * Files that are too large for memory are read piece by piece.
 * @throws DataError naming the data name and the path when a file is missing, unreadable or damaged,
 * or when its values do not fit the port.
 */
export async function openSource(spec: SourceSpec, port: DataPort, options: OpenOptions = {}): Promise<Column> {
  checkSourceOptions(spec);
  if (isGenerator(spec)) return generateColumn(spec, port);
  try {
    return await openPath(spec, port, options);
  } catch (error) {
    throw saidOfData(port.name, error);
  }
}

async function openPath(spec: SourceSpec, port: DataPort, options: OpenOptions): Promise<Column> {
  const found = await findFiles(spec.name, options.directory ?? '.');
  const task = { found, isStreamed: isStreamed(found, spec, options.streamAbove ?? STREAM_ABOVE), spec, port };
  const isApart = options.worker ?? (availableParallelism() > 1 && takesLong(task));
  return (isApart ? await openInWorker(task) : undefined) ?? (await openFiles(task));
}

/** Values of a row whose draws take more than a twentieth of a step of a small model. */
const MANY_DRAWS = 256;

/** Whether the rows of a batch take so long that a step should not wait for them: decoding does, and drawing many values. */
function takesLong({ isStreamed, spec, port }: OpenFiles): boolean {
  return isStreamed || (spec.options['binarize'] === 'bernoulli' && portWidth(port) >= MANY_DRAWS);
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
