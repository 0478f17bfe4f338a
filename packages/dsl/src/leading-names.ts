/**
 * Marks the names that begin a statement or an entry of `train` as `LeadingName`, and the `for` of comprehensions. Two
 * expressions never stand side by side, so a name after a complete expression must begin something; marked, it also
 * shows a parser in trouble where to go on. On the outermost level none is right, and each is a mistake of its own.
 * Requires balanced brackets.
 */
import type { IToken, TokenType } from 'chevrotain';
import { isTarget, skipIndices } from './part-starts.js';
import type { LineIndex } from './positions.js';
import { isFirstOnLine, retype } from './token-access.js';
import * as token from './tokens.js';

const ENDS_EXPRESSION = new Set([
  ...[token.Identifier, token.NumberLiteral, token.StringLiteral, token.RightParen, token.RightBracket],
]);
/** The name after one of these is new, and no expression. */
const NAMING = [token.Let, token.For, token.Plate, token.Data, token.Const, token.Param, token.Fn];
/** And after these a type must follow. */
const BEFORE_OTHER_NAMES = new Set([...NAMING, token.Colon, token.Arrow]);
const OPENING = new Set([token.LeftParen, token.LeftBracket, token.LeftBrace]);
const CLOSING = new Set([token.RightParen, token.RightBracket, token.RightBrace]);

export function markLeadingNames(tokens: readonly IToken[], lines: LineIndex): readonly IToken[] {
  const open: TokenType[] = [];
  /** Right after the name and the indices of the last statement that has begun. */
  let afterTarget = -1;
  return tokens.map((found, index) => {
    const type = found.tokenType;
    const innermost = open.at(-1);
    if (OPENING.has(type)) open.push(type);
    if (CLOSING.has(type)) open.pop();
    if (type === token.For && (innermost === token.LeftBracket || innermost === token.LeftParen)) {
      return retype(found, token.ComprehensionFor);
    }
    if (type !== token.Identifier || (innermost !== undefined && innermost !== token.LeftBrace)) return found;
    if (!leads(tokens, index, lines, index === afterTarget)) return found;
    afterTarget = skipIndices(tokens, index + 1);
    return retype(found, token.LeadingName);
  });
}

/** Lines matter only where something is wrong: a name without `~` or `=` after it is taken to lead if its line begins with it. */
function leads(tokens: readonly IToken[], index: number, lines: LineIndex, isAfterTarget: boolean): boolean {
  const found = tokens[index];
  const previous = tokens[index - 1];
  if (found === undefined) return false;
  if (previous === undefined) return true;
  if (BEFORE_OTHER_NAMES.has(previous.tokenType)) return false;
  const before = previous.tokenType;
  if (before === token.LeftBrace || before === token.RightBrace) return true;
  if (isTarget(tokens, index)) return true;
  const next = tokens[skipIndices(tokens, index + 1)]?.tokenType;
  const isAfterExpression = ENDS_EXPRESSION.has(before);
  if (isFirstOnLine(found, previous, lines)) return isAfterExpression || next === token.Equals;
  const beforeThat = tokens[index - 2]?.tokenType;
  const isAfterNewName = before === token.Identifier && beforeThat !== undefined && NAMING.includes(beforeThat);
  return isAfterExpression && next === token.Equals && !isAfterTarget && !isAfterNewName;
}
