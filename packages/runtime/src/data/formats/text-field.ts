import type { RawField } from './raw-file.js';

const WORDS: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['false', 0],
]);

/** A column of texts: numbers where all of them are, or all that are there at all; the texts stay beside what are none, or where they are to be kept. */
export function fieldOfTexts(name: string, texts: readonly string[], keepTexts = false): RawField {
  const values = Float64Array.from(texts, parseNumber);
  const isNumeric = texts.every((text, row) => !Number.isNaN(values[row]) || isMissing(text));
  return { name, shape: [], values, texts: isNumeric && !keepTexts ? undefined : texts, isNumeric, full: 1 };
}

/** NaN for what is missing or no number. */
function parseNumber(text: string): number {
  const trimmed = text.trim();
  return WORDS.get(trimmed.toLowerCase()) ?? (trimmed === '' ? NaN : Number(trimmed));
}

function isMissing(text: string): boolean {
  return ['', 'na', 'nan', 'null', 'none'].includes(text.trim().toLowerCase());
}
