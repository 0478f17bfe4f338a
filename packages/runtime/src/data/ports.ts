/** What a `data` declaration asks of its values, and the check of values against it. */
import { assertNever, type DataPort, type DataRange } from '@sbn/program';
import type { NumericArray } from '../dataset.js';
import { DataError, type DataPlace } from '../errors.js';

/** Number of values in one flattened row; 1 for a scalar. */
export function portWidth(port: DataPort): number {
  return port.shape.reduce((product, length) => product * length, 1);
}

/** `binary[784]`, `onehot[10]`, `real[28, 28]`: as the declaration is written. */
export function formatPort(port: DataPort): string {
  const { element } = port;
  const shape = element.kind === 'onehot' ? port.shape.slice(0, -1) : port.shape;
  const suffix = shape.length === 0 ? '' : `[${shape.join(', ')}]`;
  return element.kind === 'onehot' ? `onehot[${String(element.classes)}]${suffix}` : `${element.kind}${suffix}`;
}

/** Where the values to check come from. */
export interface ValuesPlace {
  readonly source: string;
  /** The data set's row that row `index` of the values is. */
  readonly rowOf: (index: number) => number;
  /** What the source calls the place of a row of the data set and a column, where it has words of its own. */
  readonly name?: (row: number, column: number) => Pick<DataPlace, 'source' | 'rowName' | 'columnName'> | undefined;
}

/**
 * Checks that all values are of the port's kind: finite; 0 or 1; an integer from 0, to the largest that has a probability; or one-hot.
 * And that they are where the data's distribution has a density.
 * @throws DataError naming data, row, column and value of the first that is not.
 */
export function checkPortValues(port: DataPort, values: NumericArray, place: ValuesPlace): void {
  const { element } = port;
  switch (element.kind) {
    case 'real':
      checkEach(port, values, place, Number.isFinite, 'is not a finite number', 'remove or replace it');
      checkRange(port, values, place);
      return;
    case 'binary':
      checkEach(
        port,
        values,
        place,
        isBinary,
        `is neither 0 nor 1, as ${formatPort(port)} asks`,
        'make the values binary (a source does with binarize=threshold), or declare the data as real',
      );
      return;
    case 'count':
      checkEach(
        port,
        values,
        place,
        isCount,
        `is not a count (0, 1, 2, …), as ${formatPort(port)} asks`,
        'round the values, or declare the data as real',
      );
      checkLargest(port, values, place);
      checkTotals(port, values, place);
      return;
    case 'onehot':
      checkOneHot(port, values, place, element.classes);
      return;
    default:
      assertNever(element);
  }
}

function isBinary(value: number): boolean {
  return value === 0 || value === 1;
}

/** The same of each: a loop of its own, as it runs over the pixels of every batch. */
function areBinary(values: Float32Array): boolean {
  const { length } = values;
  // A square is the number itself for 0 and 1 alone. Adding up what is left takes less time than asking after each.
  let left = 0;
  for (let index = 0; index < length; index += 1) {
    const value = values[index] ?? NaN;
    left += (value * value - value) ** 2;
  }
  return left === 0;
}

function isCount(value: number): boolean {
  return value >= 0 && Number.isInteger(value);
}

function checkLargest(port: DataPort, values: NumericArray, place: ValuesPlace): void {
  const { largest } = port;
  if (largest === undefined) return;
  const problem = `is more than ${String(largest)}, the largest value that the distribution of ${port.name} has`;
  checkEach(
    port,
    values,
    place,
    (value) => value <= largest,
    problem,
    'give the distribution more trials, or divide the values',
  );
}

interface RangeRule {
  /** Of the value as engines have it, in float32. */
  readonly holds: (value: number) => boolean;
  readonly problem: string;
  readonly hint: string;
}

const RANGES: Readonly<Record<Exclude<DataRange, 'any' | 'total'>, RangeRule>> = {
  non_negative: {
    holds: (value) => value >= 0,
    problem: 'is below 0',
    hint: 'remove it, or choose a distribution of all real numbers: normal or laplace',
  },
  positive: {
    holds: (value) => value > 0,
    problem: 'is not above 0',
    hint: 'remove it, or choose a distribution of all real numbers: normal or laplace',
  },
  open_unit: {
    holds: (value) => value > 0 && value < 1,
    problem: 'is not between 0 and 1, both excluded',
    hint: 'scale the values, and move what is 0 or 1 inside: x → (x (n − 1) + ½)/n for n values',
  },
};

/** Of real numbers. */
function checkRange(port: DataPort, values: NumericArray, place: ValuesPlace): void {
  const { range, name } = port;
  if (range === 'any' || range === 'total') return;
  const { holds, problem, hint } = RANGES[range];
  const whole = `${problem}, where the distribution of ${name} has no density`;
  checkEach(port, values, place, (value) => holds(Math.fround(value)), whole, hint);
}

/** Of counts: those of all classes, on the last axis, are as many as there were trials. */
function checkTotals(port: DataPort, values: NumericArray, place: ValuesPlace): void {
  const { range, largest, shape, name } = port;
  const classes = shape.at(-1);
  if (range !== 'total' || largest === undefined || classes === undefined) return;
  const width = portWidth(port);
  for (let start = 0; start < values.length; start += classes) {
    let total = 0;
    for (let index = start; index < start + classes; index += 1) total += values[index] ?? NaN;
    if (total === largest) continue;
    const problem = `starts ${String(classes)} counts that add up to ${String(total)}, and the distribution of ${name} has ${String(largest)} trials`;
    const hint = 'say how many trials each row has; where rows differ, give each count a `poisson`';
    throw valueError(port, place, Math.floor(start / width), start % width, values[start] ?? NaN, problem, hint);
  }
}

function checkEach(
  port: DataPort,
  values: NumericArray,
  place: ValuesPlace,
  holds: (value: number) => boolean,
  problem: string,
  hint: string,
): void {
  if (holds === isBinary && values instanceof Float32Array && areBinary(values)) return;
  const width = portWidth(port);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    if (!holds(value)) throw valueError(port, place, Math.floor(index / width), index % width, value, problem, hint);
  }
}

function checkOneHot(port: DataPort, values: NumericArray, place: ValuesPlace, classes: number): void {
  const width = portWidth(port);
  for (let start = 0; start < values.length; start += classes) {
    let ones = 0;
    for (let index = start; index < start + classes; index += 1) {
      const value = values[index] ?? NaN;
      if (value === 1) ones += 1;
      if (isBinary(value) && ones <= 1) continue;
      const problem = value === 1 ? 'is a second 1 in a one-hot vector' : 'is neither 0 nor 1 in a one-hot vector';
      const hint = `give ${String(classes)} values with a single 1 (oneHot makes them from labels)`;
      throw valueError(port, place, Math.floor(index / width), index % width, value, problem, hint);
    }
    if (ones === 1) continue;
    const problem = `starts ${String(classes)} values without a 1, where a one-hot vector has a single 1`;
    throw valueError(
      port,
      place,
      Math.floor(start / width),
      start % width,
      0,
      problem,
      'oneHot makes one from a label',
    );
  }
}

function valueError(
  port: DataPort,
  place: ValuesPlace,
  index: number,
  column: number,
  value: number,
  problem: string,
  hint: string,
): DataError {
  const row = place.rowOf(index);
  const where = { data: port.name, source: place.source, row, column, value, ...place.name?.(row, column) };
  return new DataError(where, `${String(value)} ${problem}`, hint);
}
