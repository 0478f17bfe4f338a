/** The values of options, read strictly: what is not understood is refused by name. */
import { InvalidArgumentError } from 'commander';
import { UsageError } from './exit.js';
import { hintFor } from './suggest.js';

function number(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : undefined;
}

/** A whole number of 1 at least. */
export function positiveInteger(text: string): number {
  const value = number(text);
  if (value === undefined || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  }
  return value;
}

/** A whole number of 0 at least. */
export function notNegativeInteger(text: string): number {
  const value = number(text);
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  }
  return value;
}

/** A seed: a whole number from 0 to 2³² − 1. */
export function seed(text: string): number {
  const value = number(text);
  if (value === undefined || !Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new InvalidArgumentError('It must be a whole number from 0 to 4294967295.');
  }
  return value;
}

/** A finite number above 0. */
export function positiveNumber(text: string): number {
  const value = number(text);
  if (value === undefined || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}

/** Finite numbers above 0, each once: `3e-3,1e-3`. */
export function positiveNumbers(text: string): readonly number[] {
  const values = text.split(',').map(positiveNumber);
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`${twice} is given twice.`);
  return values;
}

/** A number from 0 up to, but not including, 1. */
export function fraction(text: string): number {
  const value = number(text);
  if (value === undefined || !(value >= 0 && value < 1)) {
    throw new InvalidArgumentError('It must be a number from 0 up to, but not including, 1.');
  }
  return value;
}

export type Assignments = ReadonlyMap<string, string>;

/** Collects `NAME=VALUE`, given any number of times; a name may come once. */
export function assignment(text: string, previous: Assignments | undefined): Assignments {
  const split = text.indexOf('=');
  const name = text.slice(0, Math.max(0, split)).trim();
  const value = text.slice(split + 1).trim();
  if (name === '' || value === '') throw new InvalidArgumentError('Write it as NAME=VALUE.');
  if (previous?.has(name) === true) throw new InvalidArgumentError(`\`${name}\` is given twice.`);
  return new Map([...(previous ?? []), [name, value]]);
}

/** `--set H=50`: constants as numbers. @throws UsageError when a value is no number. */
export function readConstants(assignments: Assignments | undefined): Record<string, number> {
  const constants: Record<string, number> = {};
  for (const [name, text] of assignments ?? []) {
    const value = number(text);
    if (value === undefined)
      throw new UsageError(
        `--set ${name}=${text}: \`${text}\` is not a number`,
        'constants are numbers, e.g. --set H=50',
      );
    constants[name] = value;
  }
  return constants;
}

/** @throws UsageError for a name that is not in the model, with the one that was meant; `what` is singular, `plural` is not. */
export function checkNames(
  option: string,
  given: Iterable<string>,
  known: readonly string[],
  what: string,
  plural: string,
): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    throw new UsageError(`${option} ${name}: the model has no ${what} \`${name}\``, hintFor(name, known, plural));
  }
}

export interface OptimizerText {
  readonly name: string;
  readonly options: Readonly<Record<string, number>>;
}

/** `adam`, or with options as in a file: `adamw(decay = 0.1, warmup = 500)`. Which there are, the runtime says. */
export function optimizerText(text: string): OptimizerText {
  const [, name, list = ''] = /^\s*([a-z]\w*)\s*(?:\((.*)\))?\s*$/i.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Write a name, or "adamw(decay = 0.1, warmup = 500)".');
  const options = list.split(',').flatMap((part): readonly (readonly [string, number])[] => {
    if (part.trim() === '') return [];
    const [key = '', value = ''] = part.split('=');
    const found = number(value);
    if (found === undefined)
      throw new InvalidArgumentError(`What is ${JSON.stringify(part.trim())}? Write option = number.`);
    return [[key.trim(), found]];
  });
  return { name, options: Object.fromEntries(options) };
}
