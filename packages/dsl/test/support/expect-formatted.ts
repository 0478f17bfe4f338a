import { expect } from 'vitest';
import { format, parse } from '../../src/index.js';
import { withoutPlaces } from './without-places.js';

/** The `//` comments of a text, told by nothing but the quotation marks around them. */
export function commentsOf(text: string): readonly string[] {
  const pieces = text.match(/"(?:[^"\\\r\n]|\\[^\r\n])*"|\/\/[^\r\n]*/g) ?? [];
  return pieces.filter((piece) => piece.startsWith('//')).map((comment) => comment.trimEnd());
}

/** Formats a text without syntax errors, and checks all that holds of the result whatever the text. */
export function expectFormatted(text: string): string {
  const { value, diagnostics } = format({ name: 'a.sbn', text });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (value === undefined) throw new Error('no text');
  expect(withoutPlaces(parse({ name: 'a.sbn', text: value }).value)).toEqual(
    withoutPlaces(parse({ name: 'a.sbn', text }).value),
  );
  expect(commentsOf(value)).toEqual(commentsOf(text));
  expect(format({ name: 'a.sbn', text: value }).value).toBe(value);
  const [lines, lineEnd] = value.includes('\r') ? [value.split('\r\n'), '\r\n'] : [value.split('\n'), '\n'];
  for (const line of lines) expect(line).not.toMatch(/[\r\n]|\s$/);
  expect(value === '' || value.endsWith(lineEnd)).toBe(true);
  expect(value).not.toMatch(/^\s|(?:\r?\n){3}|(?:\r?\n){2}$/);
  return value;
}
