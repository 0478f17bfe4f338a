/** What a file of data holds, in words, numbers and pictures. */
import { widthOf, type BlockFile, type RawField, type RawFile } from '@sbn/runtime';
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

/** Texts of a column that are kept, to be labels; of more it is said that they are more. */
const MOST_LABELS = 10_000;

/** Goes through the file block by block. @throws DataError */
export async function summarizeFile(file: BlockFile): Promise<FileSummary> {
  const tallies: FieldTally[] = [];
  for (const [block] of file.blocks.entries()) {
    const { fields } = await file.read(block, { keepTexts: true });
    fields.forEach((field, place) => {
      const tally = (tallies[place] ??= new FieldTally(field));
      tally.add(field);
    });
  }
  return { source: file.source, rows: file.rows, fields: tallies.map((tally) => tally.summarize()) };
}

class FieldTally {
  readonly #field: Pick<RawField, 'name' | 'shape' | 'full'>;
  #least = Infinity;
  #most = -Infinity;
  #sum = 0;
  #count = 0;
  #missing = 0;
  #isWhole = true;
  #isTwo = true;
  #isNumeric = true;
  readonly #texts = new Set<string>();

  constructor({ name, shape, full }: RawField) {
    this.#field = { name, shape, full };
  }

  add({ values, texts, isNumeric }: RawField): void {
    this.#isNumeric &&= texts === undefined || isNumeric === true;
    for (const text of texts ?? []) if (this.#texts.size < MOST_LABELS) this.#texts.add(text);
    this.#count += values.length;
    let [least, most, sum, missing] = [this.#least, this.#most, 0, 0];
    let [isWhole, isTwo] = [this.#isWhole, this.#isTwo];
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
    [this.#least, this.#most, this.#isWhole, this.#isTwo] = [least, most, isWhole, isTwo];
    this.#sum += sum;
    this.#missing += missing;
  }

  summarize(): FieldSummary {
    const { name, shape, full } = this.#field;
    const [least, most, missing] = [this.#least, this.#most, this.#missing];
    const labels = this.#isNumeric ? undefined : [...this.#texts].sort();
    const suffix = shape.length === 0 ? '' : `[${shape.join(', ')}]`;
    const mean = this.#sum / Math.max(1, this.#count - missing);
    const found = { name, shape, least, most, mean, missing, labels, option: undefined };
    const isCount = this.#isWhole && least >= 0;
    if (labels !== undefined) return { ...found, missing: 0, declaration: `onehot[${String(labels.length)}]` };
    if (this.#isTwo && this.#count > missing) return { ...found, declaration: `binary${suffix}` };
    if (this.#isWhole && full === 255 && most === 255)
      return { ...found, declaration: `binary${suffix}`, option: 'binarize=threshold' };
    if (isCount && shape.length === 0 && most < 100) return { ...found, declaration: `onehot[${String(most + 1)}]` };
    return { ...found, declaration: `${isCount ? 'count' : 'real'}${suffix}` };
  }
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

/** @throws DataError */
export async function renderFile(file: BlockFile, options: ShowOptions): Promise<string> {
  const { source, rows, fields } = await summarizeFile(file);
  const shown = fields.slice(0, MOST_COLUMNS);
  const table = renderTable([
    ['column', 'of a row', 'least', 'most', 'mean', 'missing', 'can be declared'],
    ...shown.map((field) => [
      field.name ?? '(all)',
      field.shape.length === 0 ? '1 value' : field.shape.join(' × '),
      ...(field.labels === undefined
        ? [formatNumber(field.least), formatNumber(field.most), formatNumber(field.mean)]
        : [
            `${formatCount(field.labels.length)}${field.labels.length === MOST_LABELS ? ' or more' : ''} texts:`,
            listLabels(field.labels),
            '',
          ]),
      field.missing === 0 ? '' : formatCount(field.missing),
      field.option === undefined ? field.declaration : `${field.declaration} with ${field.option}`,
    ]),
  ]);
  const more = fields.length > shown.length ? `and ${formatCount(fields.length - shown.length)} more columns\n` : '';
  return `${source}: ${formatCount(rows)} rows\n\n${table}${more}${drawRows(await file.read(0), options)}`;
}

function listLabels(labels: readonly string[]): string {
  const first = labels.slice(0, 4).join(', ');
  return labels.length > 4 ? `${first}, …` : first;
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

/** The first rows, which are in the first block, of the first field that is a picture. */
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
