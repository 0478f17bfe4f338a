/** Columns from built-in generators and from the bytes of files. */
import type { DataPort, SourceSpec } from '@sbn/program';
import type { Column } from '../dataset.js';
import { DataError } from '../errors.js';
import { suggestNames } from '../suggest.js';
import { fitTable } from './fit-table.js';
import { findGenerator, GENERATORS } from './generators/generator.js';
import { decodeIdx } from './idx.js';
import { checkSourceOptions } from './source-spec.js';

/** The rows of a built-in generator, for a port. @throws DataError */
export function generateColumn(spec: SourceSpec, port: DataPort): Column {
  checkSourceOptions(spec);
  const generator = findGenerator(spec.name);
  if (generator === undefined) {
    const hint = suggestNames(spec.name, Object.keys(GENERATORS), 'generators');
    throw new DataError({ data: port.name, source: spec.name }, 'there is no generator of this name', hint);
  }
  return fitTable(generator.generate(spec), spec, port);
}

/** The rows of an IDX file's bytes, plain or gzipped, for a port; the first axis counts rows. @throws DataError */
export async function columnFromBytes(spec: SourceSpec, port: DataPort, bytes: Uint8Array): Promise<Column> {
  checkSourceOptions(spec);
  const { shape, values } = await decodeIdx(bytes, spec.name);
  const [rows = 0, ...row] = shape;
  const width = row.reduce((product, length) => product * length, 1);
  const full = values instanceof Uint8Array ? 255 : 1;
  return fitTable({ source: spec.name, rows, width, values, full }, spec, port);
}
