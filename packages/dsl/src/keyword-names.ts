/**
 * Finds keywords that are used as names (`let data = 3`, `dense(model, 10)`), reports them, and makes names of them, so
 * that the rest of the text is read as it was meant. Requires lexed tokens; changes nothing in a text that is right.
 */
import type { IToken, TokenType } from 'chevrotain';
import { syntaxCatalogue } from './catalogue.js';
import type { Diagnostic } from './diagnostic.js';
import { retype, spanOf } from './token-access.js';
import * as token from './tokens.js';

const ALL_KEYWORDS = new Set(token.KEYWORDS);
/** Those that begin something: within an expression they can only be meant as names. */
const OPENERS = new Set([...token.DECLARATION_KEYWORDS, ...token.STATEMENT_KEYWORDS]);
/** An expression may follow these, so `-` or `(` after them says nothing. */
const OPENERS_WITH_VALUE = new Set([token.Maximize, token.Minimize, token.Return]);

const OBJECTIVES = new Set([token.Maximize, token.Minimize]);

/** A new name stands after these. */
const NAMING = new Set([token.Const, token.Data, token.Param, token.Fn, token.Let]);
const AFTER_NEW_NAME = new Set([token.Equals, token.EqualsEquals, token.Tilde, token.Colon, token.LeftParen]);
const BEFORE_OPERAND = new Set([
  ...[token.Plus, token.Minus, token.Star, token.Slash, token.Caret, token.At, token.Less, token.Greater],
  ...[token.LessEquals, token.GreaterEquals, token.EqualsEquals, token.BangEquals, token.Equals, token.Comma],
  ...[token.LeftParen, token.LeftBracket, token.Tilde, token.Colon, token.DotDot, token.If, token.Then, token.Else],
  ...[token.By, token.In],
]);
const AFTER_OPERAND = new Set([
  ...[token.Plus, token.Star, token.Slash, token.Caret, token.At, token.Less, token.Greater, token.LessEquals],
  ...[token.GreaterEquals, token.EqualsEquals, token.BangEquals, token.Comma, token.RightParen, token.RightBracket],
  ...[token.DotDot, token.Then, token.Else, token.By],
]);
const ENDS_OPERAND = new Set([token.Comma, token.RightParen, token.RightBracket]);
/** Also after an operand, but before an operand of their own too. */
const AMBIGUOUS_AFTER_OPERAND = new Set([token.Minus, token.LeftBracket]);

export function renameKeywords(tokens: readonly IToken[]): {
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const reported = new Set<TokenType>();
  const renamed = tokens.map((found, index) => {
    const type = found.tokenType;
    if (!ALL_KEYWORDS.has(type) || !isName(type, tokens[index - 1]?.tokenType, tokens[index + 1]?.tokenType, reported))
      return found;
    // One mistake is the choice of the name, not each of its uses.
    if (!reported.has(type)) {
      diagnostics.push(syntaxCatalogue.report('SBN1011', { keyword: found.image }, spanOf(found)));
    }
    reported.add(type);
    return retype(found, token.Identifier);
  });
  return { tokens: renamed, diagnostics };
}

function isName(
  type: TokenType,
  previous: TokenType | undefined,
  next: TokenType | undefined,
  names: ReadonlySet<TokenType>,
): boolean {
  if (next === undefined) return false;
  if (previous === token.For || previous === token.Plate) return next === token.In;
  if (previous !== undefined && NAMING.has(previous) && AFTER_NEW_NAME.has(next)) return true;
  // A parameter of a function.
  if (next === token.Colon && isArgumentStart(previous)) return true;
  // No keyword is followed by `~`: a site is called so. But `let ~` lacks a name.
  if (next === token.Tilde) return type !== token.Let;
  const isOperand = previous !== undefined && BEFORE_OPERAND.has(previous);
  // What was taken for a name once is one wherever a value must stand.
  if (isOperand && !ALL_KEYWORDS.has(previous) && names.has(type) && type !== token.If) return true;
  if (OBJECTIVES.has(type) && !isArgumentStart(previous) && next === token.Equals) return false;
  if (!OPENERS.has(type)) return isOperand && ENDS_OPERAND.has(next);
  // Nor by `=`: a setting or a named argument is called so. But `let = 3` lacks a name.
  if (next === token.Equals && (!NAMING.has(type) || isArgumentStart(previous))) return true;
  return isOperand && (AFTER_OPERAND.has(next) || (AMBIGUOUS_AFTER_OPERAND.has(next) && !OPENERS_WITH_VALUE.has(type)));
}

function isArgumentStart(previous: TokenType | undefined): boolean {
  return previous === token.LeftParen || previous === token.Comma;
}
