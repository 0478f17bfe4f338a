/** Opens sources of data from files. */
import type { DataPort, SourceSpec } from '@sbn/program';
import type { Column, Dataset } from '../dataset.js';

export interface OpenOptions {
  /** What relative paths are relative to; default the working directory. */
  readonly directory?: string | undefined;
}

/** @throws DataError naming the data name and the path when a file is missing, unreadable or damaged, or values do not fit the port. */
export declare function openSource(spec: SourceSpec, port: DataPort, options?: OpenOptions): Promise<Column>;

/**
 * Opens one source per data name and joins them.
 * @throws DataError also for a name that the model does not declare, and where numbers of rows differ.
 */
export declare function openDataset(
  ports: readonly DataPort[],
  specs: Readonly<Record<string, SourceSpec>>,
  options?: OpenOptions,
): Promise<Dataset>;
