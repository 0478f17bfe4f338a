/** Which fields of a file are the rows of a data name. */
import type { DataPort, SourceSpec } from '@sbn/program';
import { DataError } from '../../errors.js';
import { suggestNames } from '../../suggest.js';
import { optionError } from '../options.js';
import { formatPort, portWidth } from '../ports.js';
import type { RawPlace, RawTable, RawValues } from '../raw-table.js';
import { widthOf, type RawField, type RawFile } from './raw-file.js';

/** Labels in their order, by the name of the field that has texts: those of a whole file, of which a part may not have all. */
export type LabelsByField = ReadonlyMap<string | undefined, readonly string[]>;

/**
 * Those that the option `from` names, `from=age|income` or `from=pixel0..pixel63`; else the one of the data's name; else those called
 * by it and a number, `x0 x1 …`; else all, where they are as many values as the data have.
 * @throws DataError where none of that is there, or a text is no label
 */
export function chooseFields(file: RawFile, spec: SourceSpec, port: DataPort, labels?: LabelsByField): RawTable {
  const fields = pickFields(file, spec, port);
  const columns = fields.map((field) => asColumn(field, file, port, labels));
  const width = columns.reduce((sum, field) => sum + widthOf(field), 0);
  const [first] = columns;
  const { source, rows, firstRow } = file;
  const names = columns.flatMap((field) => Array.from({ length: widthOf(field) }, () => field.name));
  const isTable = columns.length > 1 || first?.shape.length === 0;
  const place = (row: number, column: number): RawPlace => {
    const name = isTable ? names[column] : undefined;
    return { source, ...file.placeRow?.(row), ...(name === undefined ? {} : { columnName: `column ${name}` }) };
  };
  const full = first?.full ?? 1;
  if (columns.length === 1 && first !== undefined)
    return { source, rows, firstRow, width, values: first.values, full, place };
  return { source, rows, firstRow, width, values: joinColumns(columns, rows, width), full, place };
}

/** @throws DataError where there are none for the port */
export function pickFields(file: RawFile, spec: SourceSpec, port: DataPort): readonly RawField[] {
  const { fields } = file;
  const text = spec.options['from'];
  if (text !== undefined) return text.split('|').flatMap((part) => pickNamed(file, spec, text, part.trim()));
  const [only] = fields;
  if (fields.length === 1 && only !== undefined) return [only];
  const named = fields.find(({ name }) => name === port.name);
  if (named !== undefined) return [named];
  const numbered = fields
    .flatMap((field) => {
      const number = numberBehind(field.name ?? '', port.name);
      return number === undefined ? [] : [{ field, number }];
    })
    .sort((a, b) => a.number - b.number);
  if (numbered.length > 0) return numbered.map(({ field }) => field);
  const width = fields.reduce((sum, field) => sum + widthOf(field), 0);
  if (width === portWidth(port)) return fields;
  const known = fields.map(({ name }) => name ?? '');
  throw new DataError(
    { data: port.name, source: file.source },
    `there is no column ${port.name}, and all ${String(fields.length)} together are ${String(width)} values, not ${formatPort(port)}`,
    `choose with from=NAME, from=A|B or from=FIRST..LAST; ${suggestNames(port.name, known, 'columns')}`,
  );
}

/** `x[3]`, `x_3`, `x.3` and `x3` are numbers 3 of `x`. */
function numberBehind(name: string, stem: string): number | undefined {
  if (!name.startsWith(stem)) return undefined;
  const match = /^(?:\[(\d+)\]|[_. ]?(\d+))$/.exec(name.slice(stem.length));
  const digits = match?.[1] ?? match?.[2];
  return digits === undefined ? undefined : Number(digits);
}

function pickNamed(file: RawFile, spec: SourceSpec, text: string, part: string): readonly RawField[] {
  const { fields, source } = file;
  const known = fields.map(({ name }) => name ?? '');
  const indexOf = (name: string): number => {
    const index = known.indexOf(name);
    if (index >= 0 && name !== '') return index;
    throw new DataError({ source }, `there is no column ${JSON.stringify(name)}`, suggestNames(name, known, 'columns'));
  };
  const whole = known.indexOf(part);
  const range = whole >= 0 ? null : /^(.+)\.\.(.+)$/.exec(part);
  if (range === null) return fields.slice(indexOf(part), indexOf(part) + 1);
  const [from, to] = [indexOf(range[1] ?? ''), indexOf(range[2] ?? '')];
  if (from > to) throw optionError(spec, 'from', text, 'the first column of a range comes before the last');
  return fields.slice(from, to + 1);
}

/** Texts are labels, in the order of the alphabet. */
function asColumn(field: RawField, file: RawFile, port: DataPort, known: LabelsByField | undefined): RawField {
  const { texts, name, isNumeric } = field;
  const labelsOfFile = known?.get(name);
  if (texts === undefined || (isNumeric === true && labelsOfFile === undefined)) return field;
  const { element } = port;
  const place = { data: port.name, source: file.source };
  const column = name ?? 'the column';
  const labels = labelsOfFile ?? [...new Set(texts)].sort();
  const sample = labels
    .slice(0, 3)
    .map((label) => JSON.stringify(label))
    .join(', ');
  if (element.kind !== 'onehot') {
    const row = texts.findIndex((_, index) => Number.isNaN(field.values[index]));
    const isPart = known !== undefined;
    const declare = isPart ? '`onehot[K]`' : `\`onehot[${String(labels.length)}]\``;
    throw new DataError(
      { ...place, row: (file.firstRow ?? 0) + row, ...(isPart ? file.placeRow?.(row) : {}) },
      `${column} has texts (${isPart ? JSON.stringify(texts[row]) : sample}), and data ${port.name} are declared ${formatPort(port)}`,
      `for labels declare the data ${declare}; else choose other columns with from=NAME`,
    );
  }
  if (labels.length > element.classes) {
    const problem = `${column} has ${String(labels.length)} different texts (${sample}, …), more than the ${String(element.classes)} classes of data ${port.name}`;
    throw new DataError(place, problem, `declare the data \`onehot[${String(labels.length)}]\``);
  }
  const numbers = new Map(labels.map((label, number) => [label, number]));
  return { ...field, values: Float64Array.from(texts, (label) => numbers.get(label) ?? NaN), texts: undefined };
}

function joinColumns(fields: readonly RawField[], rows: number, width: number): RawValues {
  const values = new Float64Array(rows * width);
  let start = 0;
  for (const field of fields) {
    const own = widthOf(field);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < own; column += 1) {
        values[row * width + start + column] = field.values[row * own + column] ?? NaN;
      }
    }
    start += own;
  }
  return values;
}
