/**
 * Finds names that stand where a keyword must (`modle { … }`, `lte h = …`), and are nearly one; reports them, and makes
 * keywords of them, so that the rest of the text is read as it was meant. Requires lexed tokens; changes nothing in a
 * text that is right, nor behind `MOST_MISTAKES` of them.
 */
import type { IToken, TokenType } from 'chevrotain';
import { syntaxCatalogue } from './catalogue.js';
import type { Diagnostic } from './diagnostic.js';
import { suggest } from './did-you-mean.js';
import { MOST_MISTAKES } from './limit-diagnostics.js';
import type { LineIndex } from './positions.js';
import { isFirstOnLine, retype, spanOf } from './token-access.js';
import * as token from './tokens.js';

/** What follows a keyword that begins something: never what follows a name there. */
const SHAPES: readonly (readonly [TokenType, readonly TokenType[]])[] = [
  [token.Import, [token.StringLiteral]],
  [token.Const, [token.Identifier, token.Equals]],
  [token.Data, [token.Identifier, token.Colon]],
  [token.Param, [token.Identifier, token.Colon]],
  [token.Fn, [token.Identifier, token.LeftParen]],
  [token.Model, [token.LeftBrace]],
  [token.Guide, [token.LeftBrace]],
  [token.Train, [token.LeftBrace]],
  [token.Estimator, [token.Identifier]],
  [token.Maximize, [token.Identifier]],
  [token.Minimize, [token.Identifier]],
  [token.Let, [token.Identifier, token.Equals]],
  [token.For, [token.Identifier, token.In]],
  [token.Plate, [token.Identifier, token.In]],
  [token.Return, [token.Identifier]],
];
/** After these, or at the beginning, something begins. */
const BEFORE_START = new Set([
  ...[token.LeftBrace, token.RightBrace, token.RightParen, token.RightBracket],
  ...[token.Identifier, token.NumberLiteral, token.StringLiteral],
]);
const OPENS_OR_CLOSES_BLOCK = new Set([token.LeftBrace, token.RightBrace]);

export function restoreKeywords(
  tokens: readonly IToken[],
  lines: LineIndex,
): { readonly tokens: readonly IToken[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const restored = tokens.map((found, index) => {
    if (found.tokenType !== token.Identifier || diagnostics.length >= MOST_MISTAKES) return found;
    const keyword = keywordFor(tokens, index, lines);
    if (keyword === undefined) return found;
    const params = { name: found.image, keyword: spellingOf(keyword) };
    diagnostics.push(syntaxCatalogue.report('SBN1012', params, spanOf(found)));
    return retype(found, keyword);
  });
  return { tokens: restored, diagnostics };
}

/** The keyword that a name is meant for, told by where it stands, what follows it and how it is spelt. */
function keywordFor(tokens: readonly IToken[], index: number, lines: LineIndex): TokenType | undefined {
  const [previous, found, next, afterNext] = [index - 1, index, index + 1, index + 2].map((place) => tokens[place]);
  if (found === undefined || next === undefined || isFirstOnLine(next, found, lines)) return undefined;
  const startsLine = isFirstOnLine(found, previous, lines);
  const candidates = SHAPES.filter(
    ([, [first, second]]) =>
      first === next.tokenType &&
      (second === undefined ? afterNext?.tokenType !== token.Tilde : second === afterNext?.tokenType),
  ).map(([keyword]) => keyword);
  const isStart = previous === undefined || BEFORE_START.has(previous.tokenType);
  const isAlone = startsLine || (previous !== undefined && OPENS_OR_CLOSES_BLOCK.has(previous.tokenType));
  if (isStart && isAlone) return nearest(found.image, candidates);
  const isVia = previous?.tokenType === token.RightParen && next.tokenType === token.Identifier && !startsLine;
  return isVia && afterNext?.tokenType !== token.Tilde ? nearest(found.image, [token.Via]) : undefined;
}

function nearest(name: string, keywords: readonly TokenType[]): TokenType | undefined {
  const spelling = suggest(name, keywords.map(spellingOf));
  return keywords.find((keyword) => spellingOf(keyword) === spelling);
}

/** The patterns of keywords are plain strings. */
function spellingOf(keyword: TokenType): string {
  return typeof keyword.PATTERN === 'string' ? keyword.PATTERN : keyword.name;
}
