/** JSON lines: an object for each row, whose keys are names of fields, or an array of numbers. */
import { DataError } from '../../errors.js';
import type { RawPlace } from '../raw-table.js';
import { decodeText } from './delimited.js';
import { fieldOfTexts } from './text-field.js';
import type { RawField, RawFile } from './raw-file.js';

interface Line {
  readonly line: number;
  readonly entries: readonly (readonly [string, unknown])[];
}

/** `firstLine` is the number of the first line here, in the file. @throws DataError naming the line */
export function readJsonLines(bytes: Uint8Array, source: string, firstLine = 1): RawFile {
  const lines = decodeText(bytes, source)
    .split(/\r?\n/)
    .flatMap((text, index): readonly Line[] =>
      text.trim() === '' ? [] : [parseLine(text, firstLine + index, source)],
    );
  const [first] = lines;
  if (first === undefined) throw new DataError({ source }, 'the file is empty', 'give one with rows');
  const names = first.entries.map(([name]) => name);
  const fields = names.map((name) => readField(name, lines, source));
  const placeRow = (row: number): RawPlace => ({
    source,
    rowName: `line ${String(lines[row]?.line ?? firstLine + row)}`,
  });
  return { source, rows: lines.length, fields, placeRow };
}

function parseLine(text: string, line: number, source: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError({ source }, `line ${String(line)} is no JSON: ${reason}`, 'write one value on each line', {
      cause,
    });
  }
  if (Array.isArray(value) || typeof value === 'number') return { line, entries: [['row', value]] };
  if (typeof value === 'object' && value !== null) return { line, entries: Object.entries(value) };
  throw new DataError(
    { source },
    `line ${String(line)} is neither an object nor an array`,
    'write {"x": [0, 1]} or [0, 1]',
  );
}

function readField(name: string, lines: readonly Line[], source: string): RawField {
  const values: number[] = [];
  const texts: string[] = [];
  let shape: readonly number[] | undefined;
  for (const { line, entries } of lines) {
    const found = entries.find(([key]) => key === name);
    if (found === undefined)
      throw new DataError({ source }, `line ${String(line)} has no ${name}`, 'give every line the same keys');
    const [, value] = found;
    if (typeof value === 'string') texts.push(value);
    const own = typeof value === 'string' ? [] : flatten(value, values, `line ${String(line)}, ${name}`, source);
    shape ??= own;
    if (own.length !== shape.length || own.some((length, axis) => length !== shape?.[axis])) {
      const problem = `line ${String(line)}: ${name} has the shape [${own.join(', ')}], and [${shape.join(', ')}] before`;
      throw new DataError({ source }, problem, 'give every row the same shape');
    }
  }
  if (texts.length === lines.length) return fieldOfTexts(name, texts);
  if (texts.length > 0)
    throw new DataError({ source }, `${name} is a text on some lines only`, 'write numbers on all of them');
  return { name, shape: shape ?? [], values: Float64Array.from(values), full: 1 };
}

/** Appends the numbers of nested arrays, and gives their shape. */
function flatten(value: unknown, into: number[], where: string, source: string): readonly number[] {
  if (typeof value === 'number') into.push(value);
  else if (typeof value === 'boolean') into.push(value ? 1 : 0);
  else if (value === null) into.push(NaN);
  else if (Array.isArray(value)) {
    const shapes = value.map((item: unknown) => flatten(item, into, where, source));
    const [first = []] = shapes;
    const isEven = shapes.every(
      (shape) => shape.length === first.length && shape.every((length, axis) => length === first[axis]),
    );
    if (!isEven)
      throw new DataError({ source }, `${where}: the parts of the array have different lengths`, 'make them alike');
    return [value.length, ...first];
  } else throw new DataError({ source }, `${where} is no number`, 'write numbers, or arrays of them');
  return [];
}
