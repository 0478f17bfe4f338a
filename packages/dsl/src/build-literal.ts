/** The values of numbers and strings. */
import type { IToken } from 'chevrotain';
import type { NumberExpression, StringExpression } from './ast.js';
import type { BuildContext } from './build-context.js';
import { syntaxCatalogue } from './catalogue.js';
import { isUnterminated, shortened, spanOf } from './token-access.js';

/** Nothing where there is no such number, which is reported here or by the lexer. */
export function buildNumber(found: IToken, { findings }: BuildContext): NumberExpression | undefined {
  const span = spanOf(found);
  // Grouped digits are reported by the lexer, and mean what they look like.
  const value = Number(found.image.replaceAll('_', ''));
  if (value === Infinity) {
    findings.addAt(findings.placeOn(span.start), () =>
      syntaxCatalogue.report('SBN1007', { text: shortened(found.image) }, span),
    );
  }
  return Number.isFinite(value) ? { kind: 'number', value, span } : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', t: '\t' };

/** The text between the quotation marks, of whatever kind they are. Of several unknown escapes the first is reported. */
export function buildString(found: IToken, { findings }: BuildContext): StringExpression {
  const span = spanOf(found);
  const content = found.image.slice(1, isUnterminated(found) ? undefined : -1);
  const unknown: { readonly escape: string; readonly start: number }[] = [];
  const value = content.replace(/\\([^]?)/gu, (escape: string, letter: string, place: number) => {
    const meaning = ESCAPES[letter];
    if (meaning === undefined) unknown.push({ escape, start: span.start + 1 + place });
    return meaning ?? letter;
  });
  const [first, ...others] = unknown;
  if (first !== undefined) {
    const notes = others.length === 0 ? [] : [`the string has ${others.length} more`];
    const place = { start: first.start, end: first.start + first.escape.length };
    findings.add(syntaxCatalogue.report('SBN1005', { escape: first.escape }, place, { notes }));
  }
  return { kind: 'string', value, span };
}
