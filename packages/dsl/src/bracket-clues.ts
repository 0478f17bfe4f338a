/** Where a bracket is missing, as told from lines and indentation. Asked only where brackets do not pair. */
import type { IToken, TokenType } from 'chevrotain';
import type { OpenBracket } from './bracket-reports.js';
import { lineOf, lineRange, type LineIndex } from './positions.js';
import { skipIndices } from './part-starts.js';
import { isFirstOnLine } from './token-access.js';
import * as token from './tokens.js';

/** The block that a `}` is indented to close, where that is not the innermost one, `own`. */
export function outerByIndentation(
  open: readonly OpenBracket[],
  own: OpenBracket,
  found: IToken,
  indentationOf: Indentations,
): OpenBracket | undefined {
  const { indentation, end } = indentationOf(found);
  if (found.startOffset !== end || indentationOf(own.token).indentation === indentation) return undefined;
  return open.findLast(
    (bracket) => bracket.closer === token.RightBrace && indentationOf(bracket.token).indentation === indentation,
  );
}

/** Whether a `param` is one of the function whose block is open, as it is indented further than that: the block need not end before it. */
export function isOwnParam(found: IToken, open: readonly OpenBracket[], indentationOf: Indentations): boolean {
  const block = open.find(({ closer }) => closer === token.RightBrace);
  if (found.tokenType !== token.Param || block?.keyword !== token.Fn) return false;
  return indentationOf(found).indentation.length > indentationOf(block.token).indentation.length;
}

/** What the line of a token begins with, and where that ends. */
type Indentations = (found: IToken) => { readonly indentation: string; readonly end: number };

/** Goes through the indentation of each line once, however many of its brackets are asked for. */
export function findIndentations(lines: LineIndex): Indentations {
  const known = new Map<number, ReturnType<Indentations>>();
  return (found) => {
    const line = lineOf(lines, found.startOffset);
    const { start, end } = lineRange(lines, line);
    const indentation = known.get(line)?.indentation ?? /^\s*/.exec(lines.text.slice(start, end))?.[0] ?? '';
    const result = { indentation, end: start + indentation.length };
    known.set(line, result);
    return result;
  };
}

/** A declaration or statement that has begun and whose block has not. */
export interface OpenHead {
  readonly keyword: TokenType;
  /** How many brackets are open around it. */
  readonly depth: number;
}

/** After these a `{` must follow at once. */
const BARE_HEADS = new Set([token.Model, token.Guide, token.Train]);
const STATEMENT_HEADS = new Set([token.For, token.Plate]);

/** Whether a token begins something with a block. */
export function beginsHead(found: IToken, innermost: TokenType | undefined): boolean {
  const type = found.tokenType;
  if (STATEMENT_HEADS.has(type)) return innermost === token.LeftBrace;
  return innermost === undefined && (BARE_HEADS.has(type) || type === token.Fn);
}

/** Whether the `{` must have come before a token: at once, by the end of the line, or before a statement. */
export function isHeadOver(
  { keyword, depth }: OpenHead,
  tokens: readonly IToken[],
  index: number,
  openCount: number,
  lines: LineIndex,
): boolean {
  const found = tokens[index];
  if (found === undefined || found.tokenType === token.LeftBrace || openCount !== depth) return false;
  if (BARE_HEADS.has(keyword) || isFirstOnLine(found, tokens[index - 1], lines)) return true;
  return looksLikeStatement(tokens, index);
}

/**
 * Whether a brace is one too many: a `{` where no block can begin, or a `}` between brackets of another kind or
 * before a further statement, in a text that has more of them than of their counterparts. `missing` is the number of `}` that the text lacks.
 */
export function isOdd(
  tokens: readonly IToken[],
  index: number,
  open: readonly OpenBracket[],
  head: OpenHead | undefined,
  missing: number,
): boolean {
  const type = tokens[index]?.tokenType;
  if (type === token.LeftBrace) return missing > 0 && head === undefined;
  const innermost = open.at(-1);
  if (type !== token.RightBrace || missing >= 0 || innermost === undefined) return false;
  return innermost.closer !== token.RightBrace || (open.length === 1 && looksLikeStatement(tokens, index + 1));
}

/** Whether a statement begins at a token, which it cannot right after the outermost block. */
function looksLikeStatement(tokens: readonly IToken[], index: number): boolean {
  const type = tokens[index]?.tokenType;
  if (type === undefined) return false;
  if (token.STATEMENT_KEYWORDS.includes(type)) return true;
  return type === token.Identifier && tokens[skipIndices(tokens, index + 1)]?.tokenType === token.Tilde;
}

const BEGINS_ARGUMENT = new Set([token.Identifier, token.NumberLiteral, token.StringLiteral]);
/** How far the text is looked through, so that a line of many mistakes does not take long. */
const LONGEST_SEARCH = 64;

/** Whether, after a token and on its line, a closing bracket follows that has no opening one of its own there. */
export function isClosedLater(tokens: readonly IToken[], index: number, closer: TokenType, lines: LineIndex): boolean {
  let depth = 0;
  for (let place = index + 1; place < Math.min(tokens.length, index + LONGEST_SEARCH); place += 1) {
    const found = tokens[place];
    if (found === undefined || isFirstOnLine(found, tokens[place - 1], lines)) return false;
    if (found.tokenType === OPENER_OF.get(closer)) depth += 1;
    if (found.tokenType === closer) depth -= 1;
    if (depth < 0) return true;
  }
  return false;
}

const OPENER_OF = new Map<TokenType, TokenType>([
  [token.RightParen, token.LeftParen],
  [token.RightBracket, token.LeftBracket],
]);

/** The other of the two kinds of brackets that a call and an index are written in. */
const OTHER_KIND = new Map<TokenType, { readonly opener: TokenType; readonly closer: TokenType }>([
  [token.RightParen, { opener: token.LeftBracket, closer: token.RightBracket }],
  [token.RightBracket, { opener: token.LeftParen, closer: token.RightParen }],
]);

/**
 * For a `)` or `]` that closes nothing, the last name before it with an argument or an index right after it, as in
 * `dense h, 10)`: the name that lacks its opening bracket. Nothing where there is none on the line, or where the
 * bracket would tear those of the other kind apart.
 */
export function placeOfOpener(before: readonly IToken[], closer: IToken, lines: LineIndex): number | undefined {
  const other = OTHER_KIND.get(closer.tokenType);
  if (other === undefined) return undefined;
  let next = closer;
  let depth = 0;
  for (let index = before.length - 1; index >= Math.max(0, before.length - LONGEST_SEARCH); index -= 1) {
    const found = before[index];
    if (found === undefined || isFirstOnLine(next, found, lines)) return undefined;
    const type = found.tokenType;
    if (type === token.Identifier && BEGINS_ARGUMENT.has(next.tokenType) && depth === 0) return index;
    if (type === other.closer) depth += 1;
    if (type === other.opener) depth -= 1;
    if (depth < 0 || type === token.LeftBrace || type === token.RightBrace) return undefined;
    next = found;
  }
  return undefined;
}
