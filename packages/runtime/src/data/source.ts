/** Columns from built-in generators and from the bytes of files. */
import type { DataPort, SourceSpec } from '@sbn/program';
import type { MemoryColumn } from '../dataset.js';
import { DataError } from '../errors.js';
import { suggestNames } from '../suggest.js';
import { fitTable } from './fit-table.js';
import { findGenerator, GENERATORS } from './generators/generator.js';
import { chooseFields } from './formats/choose-fields.js';
import { decodeFile } from './formats/index.js';
import type { RawFile } from './formats/raw-file.js';
import { checkSourceOptions } from './source-spec.js';

/** The rows of a built-in generator, for a port. @throws DataError */
export function generateColumn(spec: SourceSpec, port: DataPort): MemoryColumn {
  checkSourceOptions(spec);
  const generator = findGenerator(spec.name);
  if (generator === undefined) {
    const hint = suggestNames(spec.name, Object.keys(GENERATORS), 'generators');
    throw new DataError({ data: port.name, source: spec.name }, 'there is no generator of this name', hint);
  }
  return fitTable(generator.generate(spec), spec, port);
}

/** What a built-in generator makes, as a file would hold it. @throws DataError */
export function generateFile(spec: SourceSpec): RawFile {
  checkSourceOptions(spec);
  const generator = findGenerator(spec.name);
  if (generator === undefined) throw new DataError({ source: spec.name }, 'there is no generator of this name');
  const { source, rows, width, values, full } = generator.generate(spec);
  return { source, rows, fields: [{ name: undefined, shape: width === 1 ? [] : [width], values, full }] };
}

/** The rows of a file's bytes, plain or gzipped, in the format that its name says, for a port. @throws DataError */
export async function columnFromBytes(spec: SourceSpec, port: DataPort, bytes: Uint8Array): Promise<MemoryColumn> {
  checkSourceOptions(spec);
  return columnFromFile(spec, port, await decodeFile(bytes, spec.name));
}

/** The rows of what a file holds, for a port. @throws DataError */
export function columnFromFile(spec: SourceSpec, port: DataPort, file: RawFile): MemoryColumn {
  return fitTable(chooseFields(file, spec, port), spec, port);
}
