/**
 * The limit to nesting, checked on the tokens, before anything recurses: parsing, building and every later pass over the
 * tree go as deep as the text does.
 */
import type { IToken, TokenType } from 'chevrotain';
import { syntaxCatalogue } from './catalogue.js';
import type { Diagnostic } from './diagnostic.js';
import { spanOf } from './token-access.js';
import * as token from './tokens.js';

/** Brackets and conditions within one another. */
export const DEEPEST_NESTING = 100;
/** The same, and the operators and indices of which each takes the one before as its operand. */
export const DEEPEST_TREE = 500;

const OPENING = new Set([token.LeftParen, token.LeftBracket, token.LeftBrace]);
const CLOSING = new Set([token.RightParen, token.RightBracket, token.RightBrace]);
/** A new expression begins after these, or at them. */
const SEPARATING = new Set<TokenType>([
  ...[token.Comma, token.LeadingName, ...token.DECLARATION_KEYWORDS, ...token.STATEMENT_KEYWORDS],
]);

interface Level {
  conditions: number;
  operators: number;
}

/** The diagnostic for the first place that lies too deep. Requires balanced brackets. */
export function findTooDeep(tokens: readonly IToken[]): Diagnostic | undefined {
  const levels: Level[] = [];
  let level: Level = { conditions: 0, operators: 0 };
  let nesting = 0;
  let operators = 0;
  const empty = (): void => {
    nesting -= level.conditions;
    operators -= level.operators;
    level.conditions = 0;
    level.operators = 0;
  };
  for (const found of tokens) {
    const type = found.tokenType;
    if (OPENING.has(type)) {
      levels.push(level);
      level = { conditions: 0, operators: 0 };
      nesting += 1;
    } else if (CLOSING.has(type)) {
      empty();
      nesting -= 1;
      level = levels.pop() ?? level;
    } else if (SEPARATING.has(type)) empty();
    const isIndex = type === token.RightBracket;
    if (isIndex || type.CATEGORIES?.includes(token.BinaryOperatorToken) === true) {
      level.operators += 1;
      operators += 1;
    } else if (type === token.If) {
      level.conditions += 1;
      nesting += 1;
    }
    if (nesting > DEEPEST_NESTING) return reportTooDeep(found, DEEPEST_NESTING);
    if (nesting + operators > DEEPEST_TREE) return reportTooDeep(found, DEEPEST_TREE);
  }
  return undefined;
}

export function reportTooDeep(found: IToken, limit: number): Diagnostic {
  return syntaxCatalogue.report('SBN1023', { limit }, spanOf(found));
}
