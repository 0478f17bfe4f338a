/**
 * Sources of data as they are written on a command line or in a `train` block:
 * `PATH-OR-GENERATOR,option=value,flag`, e.g. `train-images.gz,binarize=threshold,slice=top`,
 * `glyphs,rows=2000,binarize=bernoulli`, `bars,n=4`. A flag is an option of value `true`; a comma
 * in a path is written `\,`.
 */
import type { SourceSpec } from '@sbn/program';
import { DataError } from '../errors.js';
import { suggestNames } from '../suggest.js';
import { findGenerator } from './generators/generator.js';

/** Options of every source: how its rows become values of a port. */
const TRANSFORM_OPTIONS = ['binarize', 'threshold', 'scale', 'slice', 'part', 'split'] as const;

/** Of every file; `from` chooses of one that has names, `stream` and `buffer` say that it is read piece by piece. */
const FILE_OPTIONS = ['rows', 'from', 'stream', 'buffer'] as const;

/** The options that a source takes: a generator's own, or `rows` of a file, and those of every source. */
export function sourceOptions(name: string): readonly string[] {
  const own = findGenerator(name)?.options ?? FILE_OPTIONS;
  return [...own, ...TRANSFORM_OPTIONS];
}

/**
 * Parses a source, and checks that its options exist.
 * @throws DataError on an empty name, or an option that is empty, unknown or repeated, naming those there are.
 */
export function parseSource(text: string): SourceSpec {
  const [name = '', ...settings] = splitAtCommas(text);
  const options: Record<string, string> = {};
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const key = (equals < 0 ? setting : setting.slice(0, equals)).trim();
    if (key === '')
      throw new DataError({ source: name }, 'an option has no name', 'write option=value, and one comma between two');
    if (Object.hasOwn(options, key))
      throw new DataError({ source: name }, `option ${key} is given twice`, 'give it once');
    options[key] = equals < 0 ? 'true' : setting.slice(equals + 1).trim();
  }
  const spec = { name: name.trim(), options };
  checkSourceOptions(spec);
  return spec;
}

/** @throws DataError on an empty name or an unknown option. */
export function checkSourceOptions(spec: SourceSpec): void {
  if (spec.name === '') {
    throw new DataError(
      {},
      'a source starts with a path or a generator',
      'write e.g. images.gz,binarize=threshold or bars,n=4',
    );
  }
  const known = sourceOptions(spec.name);
  for (const key of Object.keys(spec.options)) {
    if (known.includes(key)) continue;
    throw new DataError({ source: spec.name }, `there is no option ${key}`, suggestNames(key, known, 'options'));
  }
}

/** Writes a source as `parseSource` reads it. */
export function formatSource(spec: SourceSpec): string {
  const settings = Object.entries(spec.options).map(([key, value]) => (value === 'true' ? key : `${key}=${value}`));
  return [spec.name.replaceAll(',', '\\,'), ...settings].join(',');
}

/** Whether the source is a built-in generator, and so needs no file. */
export function isGenerator(spec: SourceSpec): boolean {
  return findGenerator(spec.name) !== undefined;
}

function splitAtCommas(text: string): string[] {
  return text.split(/(?<!\\),/).map((part) => part.replaceAll('\\,', ','));
}
