/** Where declarations and statements begin, told from a few tokens: for places where the brackets cannot be trusted. */
import type { IToken, TokenType } from 'chevrotain';
import type { LineIndex } from './positions.js';
import { isFirstOnLine } from './token-access.js';
import * as token from './tokens.js';

/** What follows the keyword of a declaration. */
const AFTER_KEYWORD = new Map<TokenType, ReadonlySet<TokenType>>([
  [token.Import, new Set([token.StringLiteral])],
  ...[token.Const, token.Data, token.Param, token.Fn, token.Estimator].map(
    (keyword) => [keyword, new Set([token.Identifier])] as const,
  ),
  ...[token.Model, token.Guide, token.Train].map((keyword) => [keyword, new Set([token.LeftBrace])] as const),
  ...[token.Maximize, token.Minimize].map(
    (keyword) =>
      [
        keyword,
        new Set([token.Identifier, token.NumberLiteral, token.LeftParen, token.LeftBracket, token.Minus, token.If]),
      ] as const,
  ),
]);

/** `data x = …` is an entry of `train`, `data x: …` a declaration. */
export function beginsDeclaration(tokens: readonly IToken[], index: number): boolean {
  const type = tokens[index]?.tokenType;
  const next = tokens[index + 1]?.tokenType;
  if (type === undefined || next === undefined || AFTER_KEYWORD.get(type)?.has(next) !== true) return false;
  return type !== token.Data || tokens[index + 2]?.tokenType === token.Colon;
}

/**
 * Whether, within round or square brackets opened by `opener`, a token must begin a statement outside of them: on a line
 * of its own, a keyword of a statement or a name with `~` after it. `for` belongs to a comprehension within `[ ]`.
 */
export function beginsStatement(
  tokens: readonly IToken[],
  index: number,
  lines: LineIndex,
  opener: TokenType,
): boolean {
  const found = tokens[index];
  if (found === undefined) return false;
  const type = found.tokenType;
  const isKeyword = token.STATEMENT_KEYWORDS.includes(type) && (type !== token.For || opener === token.LeftParen);
  return (isKeyword || isTarget(tokens, index)) && isFirstOnLine(found, tokens[index - 1], lines);
}

/** Whether a name is that of a site: `h ~`, `h[1] ~` or `h: binary[3] ~`. */
export function isTarget(tokens: readonly IToken[], index: number): boolean {
  if (tokens[index]?.tokenType !== token.Identifier) return false;
  const after = skipIndices(tokens, index + 1);
  const isTyped = tokens[after]?.tokenType === token.Colon && tokens[after + 1]?.tokenType === token.Identifier;
  const sign = isTyped ? skipIndices(tokens, after + 2) : after;
  return tokens[sign]?.tokenType === token.Tilde;
}

/** How far indices are looked through, so that a bracket that is never closed costs no more than this. */
const LONGEST_INDICES = 64;

/** The place after `[ … ]`, if there is one at `index`; else `index` itself. */
export function skipIndices(tokens: readonly IToken[], index: number): number {
  if (tokens[index]?.tokenType !== token.LeftBracket) return index;
  let depth = 0;
  for (let place = index; place < Math.min(tokens.length, index + LONGEST_INDICES); place += 1) {
    const type = tokens[place]?.tokenType;
    if (type === token.LeftBracket) depth += 1;
    if (type === token.RightBracket) depth -= 1;
    if (depth === 0) return place + 1;
  }
  return index;
}
