/** Files as a column: whole in memory, or piece by piece. */
import { basename } from 'node:path';
import type { DataPort, SourceSpec } from '@sbn/program';
import { formatOf, openBlocks } from '../data/formats/index.js';
import { misplacedOption } from '../data/options.js';
import { columnFromFile } from '../data/source.js';
import { asBlocks, type BlockFile } from '../data/stream/block-file.js';
import { joinBlocks } from '../data/stream/join-blocks.js';
import { asksForStream, streamColumn } from '../data/stream/stream-column.js';
import type { Column } from '../dataset.js';
import { openFileBytes, type FileBytes } from './file-bytes.js';
import { findFiles, readFound, type FoundFile, type FoundFiles } from './read-files.js';

/** Bytes in memory above which files are read piece by piece, where nobody says otherwise. */
export const STREAM_ABOVE = 2 ** 29;

/** How many times as many bytes come out of a gzipped file, where nothing is known of it. */
const UNPACKED = 4;

/** Whether the files are read piece by piece: as the source says, or else where they would take more than so many bytes. @throws DataError */
export function isStreamed({ folder, files }: FoundFiles, spec: SourceSpec, above: number): boolean {
  const asked = asksForStream(spec);
  const isPictures = folder !== undefined || files.some(({ name }) => /\.png$/i.test(name));
  if (isPictures && asked === true) {
    const key = spec.options['buffer'] === undefined ? 'stream' : 'buffer';
    throw misplacedOption(spec, key, 'pictures are read whole; to stream them, save them as one .npy');
  }
  return !isPictures && (asked ?? files.reduce((sum, file) => sum + bytesInMemory(file), 0) > above);
}

function bytesInMemory({ name, size }: FoundFile): number {
  return size * formatOf(name).growth * (/\.gz$/i.test(basename(name)) ? UNPACKED : 1);
}

export interface OpenFiles {
  readonly found: FoundFiles;
  readonly isStreamed: boolean;
  readonly spec: SourceSpec;
  readonly port: DataPort;
}

/** @throws DataError */
export async function openFiles({ found, isStreamed, spec, port }: OpenFiles): Promise<Column> {
  if (!isStreamed) return columnFromFile(spec, port, await readFound(found));
  const { file, opened, close } = await openFound(found);
  return { ...(await streamColumn(file, spec, port, opened)), close };
}

interface OpenedFiles {
  readonly file: BlockFile;
  readonly opened: readonly FileBytes[];
  readonly close: () => Promise<void>;
}

async function openFound({ path, files }: FoundFiles): Promise<OpenedFiles> {
  const opened: FileBytes[] = [];
  for (const { whole, name } of files) opened.push(await openFileBytes(whole, name));
  const blocks: BlockFile[] = [];
  for (const bytes of opened) blocks.push(await openBlocks(bytes));
  const close = async (): Promise<void> => {
    for (const bytes of opened) await bytes.close();
  };
  return { file: joinBlocks(blocks, path), opened, close };
}

/** What a source's files hold, whatever it is for: in one piece, or in several where it is large. @throws DataError */
export async function openBlockFile(spec: SourceSpec, directory: string): Promise<BlockFile> {
  const found = await findFiles(spec.name, directory);
  return isStreamed(found, spec, STREAM_ABOVE) ? (await openFound(found)).file : asBlocks(await readFound(found));
}
