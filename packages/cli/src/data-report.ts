/** What a file of data holds, in words, numbers and pictures. */
import { widthOf, type RawField, type RawFile } from '@sbn/runtime';
import { formatCount } from './numbers.js';
import { drawGrid, imageSizeOf, type ImageSize } from './picture.js';
import { renderTable } from './table.js';

/** `missing`: how many values are no numbers. */
export interface FieldSummary {
  readonly name: string | undefined;
  readonly shape: readonly number[];
  /** As a model can declare it: `binary[784]`. */
  readonly declaration: string;
  /** What makes it that, where an option is needed: `binarize=threshold`. */
  readonly option: string | undefined;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly missing: number;
  /** Different texts, in the order of the alphabet, where it has texts. */
  readonly labels: readonly string[] | undefined;
}

export interface FileSummary {
  readonly source: string;
  readonly rows: number;
  readonly fields: readonly FieldSummary[];
}

export function summarizeFile({ source, rows, fields }: RawFile): FileSummary {
  return { source, rows, fields: fields.map(summarizeField) };
}

function summarizeField(field: RawField): FieldSummary {
  const { name, shape, values, texts } = field;
  let [least, most, sum, missing] = [Infinity, -Infinity, 0, 0];
  let [isWhole, isTwo] = [true, true];
  for (const value of values) {
    if (Number.isNaN(value)) {
      missing += 1;
      continue;
    }
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
    isWhole &&= Number.isInteger(value);
    isTwo &&= value === 0 || value === 1;
  }
  const labels = texts === undefined ? undefined : [...new Set(texts)].sort();
  const suffix = shape.length === 0 ? '' : `[${shape.join(', ')}]`;
  const found = { name, shape, least, most, mean: sum / Math.max(1, values.length - missing), missing, labels };
  if (labels !== undefined)
    return { ...found, missing: 0, declaration: `onehot[${String(labels.length)}]`, option: undefined };
  if (isTwo && values.length > missing) return { ...found, declaration: `binary${suffix}`, option: undefined };
  if (isWhole && field.full === 255 && most === 255) {
    return { ...found, declaration: `binary${suffix}`, option: 'binarize=threshold' };
  }
  if (isWhole && least >= 0 && shape.length === 0 && most < 100) {
    return { ...found, declaration: `onehot[${String(most + 1)}]`, option: undefined };
  }
  return { ...found, declaration: `${isWhole && least >= 0 ? 'count' : 'real'}${suffix}`, option: undefined };
}

/** How many columns are shown one by one. */
const MOST_COLUMNS = 40;

export interface ShowOptions {
  /** How many rows are drawn. */
  readonly rows: number;
  /** Width of a picture that is not square. */
  readonly width: number | undefined;
  /** Of the terminal. */
  readonly columns: number;
}

export function renderFile(file: RawFile, options: ShowOptions): string {
  const { source, rows, fields } = summarizeFile(file);
  const shown = fields.slice(0, MOST_COLUMNS);
  const table = renderTable([
    ['column', 'of a row', 'least', 'most', 'mean', 'missing', 'can be declared'],
    ...shown.map((field) => [
      field.name ?? '(all)',
      field.shape.length === 0 ? '1 value' : field.shape.join(' × '),
      ...(field.labels === undefined
        ? [formatNumber(field.least), formatNumber(field.most), formatNumber(field.mean)]
        : [`${formatCount(field.labels.length)} texts:`, listLabels(field.labels), '']),
      field.missing === 0 ? '' : formatCount(field.missing),
      field.option === undefined ? field.declaration : `${field.declaration} with ${field.option}`,
    ]),
  ]);
  const more = fields.length > shown.length ? `and ${formatCount(fields.length - shown.length)} more columns\n` : '';
  return `${source}: ${formatCount(rows)} rows\n\n${table}${more}${drawRows(file, options)}`;
}

function listLabels(labels: readonly string[]): string {
  const first = labels.slice(0, 4).join(', ');
  return labels.length > 4 ? `${first}, …` : first;
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

/** The first rows of the first field that is a picture. */
function drawRows({ fields, rows }: RawFile, { rows: wanted, width, columns }: ShowOptions): string {
  for (const field of fields) {
    const size = pictureSize(field, width);
    if (size === undefined || wanted === 0) continue;
    const pixels = size.height * size.width;
    const pictures = Array.from({ length: Math.min(rows, wanted) }, (_, row) =>
      Array.from(field.values.subarray(row * pixels, (row + 1) * pixels), (value) => value / field.full),
    );
    return `\n${drawGrid(pictures, size, columns)}`;
  }
  return '';
}

function pictureSize({ shape, values, full }: RawField, width: number | undefined): ImageSize | undefined {
  const count = widthOf({ shape });
  if (width !== undefined) return count % width === 0 ? { height: count / width, width } : undefined;
  const size = imageSizeOf(shape);
  const isGrey = full !== 1 || values.every((value) => value === 0 || value === 1);
  return isGrey && size !== undefined && size.height > 2 && size.width <= 64 ? size : undefined;
}
