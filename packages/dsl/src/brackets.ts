/**
 * Pairs brackets. A bracket without a counterpart is reported here, and then one is put in or the odd one taken out, so
 * that the parser sees balanced brackets only and one missing `)` is one mistake. Where a bracket must have been closed
 * is told from what cannot stand inside: an outer closing bracket, a statement on a line of its own, a declaration.
 */
import type { IToken, TokenType } from 'chevrotain';
import {
  beginsHead,
  findIndentations,
  isClosedLater,
  isHeadOver,
  isOwnParam,
  isOdd,
  outerByIndentation,
  placeOfOpener,
  type OpenHead,
} from './bracket-clues.js';
import {
  reportMissingBrace,
  reportNothingToClose,
  reportOdd,
  reportUnclosed,
  reportWrongCloser,
  type OpenBracket,
} from './bracket-reports.js';
import type { Diagnostic } from './diagnostic.js';
import { MOST_MISTAKES } from './limit-diagnostics.js';
import { DEEPEST_NESTING, reportTooDeep } from './nesting.js';
import { beginsDeclaration, beginsStatement } from './part-starts.js';
import type { LineIndex } from './positions.js';
import type { Span } from './span.js';
import { insertedToken, isUnterminated, retype, spanOf } from './token-access.js';
import * as token from './tokens.js';

export interface BalancedTokens {
  /** Balanced, unless there are `MOST_MISTAKES` diagnostics or it is nested too deeply: then those before that place. */
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where a bracket was put in or taken out: what seems wrong right there is a consequence. */
  readonly damage: readonly Span[];
  /** Says that the brackets are nested too deeply. */
  readonly tooDeep: Diagnostic | undefined;
}

const CLOSER_OF = new Map<TokenType, TokenType>([
  [token.LeftParen, token.RightParen],
  [token.LeftBracket, token.RightBracket],
  [token.LeftBrace, token.RightBrace],
]);
const CLOSERS = new Set(CLOSER_OF.values());

export function balanceBrackets(tokens: readonly IToken[], lines: LineIndex): BalancedTokens {
  const indentationOf = findIndentations(lines);
  const out: IToken[] = [];
  const open: OpenBracket[] = [];
  const diagnostics: Diagnostic[] = [];
  const damage: Span[] = [];
  const count = (type: TokenType): number => tokens.filter((found) => found.tokenType === type).length;
  /** Of the text as repaired so far; below zero where `{` are missing. */
  let missingClosers = count(token.LeftBrace) - count(token.RightBrace);
  let head: OpenHead | undefined;

  /** Puts a bracket in after the last token. */
  const putIn = (type: TokenType): IToken => {
    const last = out.at(-1);
    const end = last === undefined ? 0 : spanOf(last).end;
    const inserted = insertedToken(type, end);
    out.push(inserted);
    damage.push(spanOf(inserted));
    if (type === token.RightBrace) missingClosers -= 1;
    if (type === token.LeftBrace) missingClosers += 1;
    return inserted;
  };
  /** Closes brackets before `found`, which cannot stand inside of them; `undefined` is the end of the file. */
  const closeWhile = (found: IToken | undefined, test: (bracket: OpenBracket) => boolean): void => {
    const unclosed: OpenBracket[] = [];
    for (let top = open.at(-1); top !== undefined && test(top); top = open.at(-1)) {
      open.pop();
      putIn(top.closer);
      if (!top.excused) unclosed.push(top);
    }
    const last = found ?? out.at(-1);
    if (unclosed.length > 0 && last !== undefined) diagnostics.push(reportUnclosed(unclosed, spanOf(last), found));
  };
  const takeOut = (found: IToken): void => {
    diagnostics.push(reportOdd(found));
    damage.push(spanOf(found));
    missingClosers += found.tokenType === token.RightBrace ? 1 : -1;
  };
  const close = (found: IToken, index: number): void => {
    const own = findOwn(open, found.tokenType);
    if (own !== undefined) {
      const isSuspect = found.tokenType === token.RightBrace && missingClosers > 0;
      const target = (isSuspect ? outerByIndentation(open, own, found, indentationOf) : undefined) ?? own;
      closeWhile(found, (bracket) => bracket !== target);
      open.pop();
      out.push(found);
      return;
    }
    damage.push(spanOf(found));
    const place = placeOfOpener(out, found, lines);
    const before = place === undefined ? undefined : out[place];
    const top = open.at(-1);
    if (place !== undefined && before !== undefined) {
      const opener = found.tokenType === token.RightParen ? token.LeftParen : token.LeftBracket;
      const inserted = insertedToken(opener, spanOf(before).end);
      diagnostics.push(reportNothingToClose(found, before));
      damage.push(spanOf(inserted));
      out.splice(place + 1, 0, inserted);
      out.push(found);
    } else if (top !== undefined && !isBrace(top) && !isClosedLater(tokens, index, top.closer, lines)) {
      open.pop();
      diagnostics.push(reportWrongCloser(top, found));
      out.push(retype(found, top.closer));
    } else diagnostics.push(reportNothingToClose(found, undefined));
  };

  for (const [index, found] of tokens.entries()) {
    if (diagnostics.length >= MOST_MISTAKES) return { tokens: out, diagnostics, damage, tooDeep: undefined };
    if (head !== undefined && missingClosers < 0 && isHeadOver(head, tokens, index, open.length, lines)) {
      diagnostics.push(reportMissingBrace(tokens[index - 1]));
      open.push({
        token: putIn(token.LeftBrace),
        closer: token.RightBrace,
        keyword: head.keyword,
        excused: true,
      });
      head = undefined;
    }
    const innermost = open.at(-1);
    if (isOdd(tokens, index, open, head, missingClosers)) {
      takeOut(found);
      continue;
    }
    if (CLOSERS.has(found.tokenType)) {
      close(found, index);
      continue;
    }
    if (innermost !== undefined) {
      // With all braces paired, a declaration in a block is out of place; otherwise the block was not closed.
      const isUnclosed = missingClosers > 0 && !isOwnParam(found, open, indentationOf);
      if (beginsDeclaration(tokens, index)) closeWhile(found, (bracket) => isUnclosed || !isBrace(bracket));
      else if (found.tokenType === token.LeftBrace) closeWhile(found, (bracket) => !isBrace(bracket));
      else if (!isBrace(innermost) && beginsStatement(tokens, index, lines, innermost.token.tokenType)) {
        closeWhile(found, (bracket) => !isBrace(bracket));
      }
    }
    const keyword = found.tokenType === token.LeftBrace ? head?.keyword : undefined;
    if (found.tokenType === token.LeftBrace) head = undefined;
    else if (beginsHead(found, open.at(-1)?.token.tokenType)) head = { keyword: found.tokenType, depth: open.length };
    const closer = CLOSER_OF.get(found.tokenType);
    if (closer !== undefined) open.push({ token: found, closer, keyword, excused: false });
    if (open.length > DEEPEST_NESTING) {
      return { tokens: out, diagnostics, damage, tooDeep: reportTooDeep(found, DEEPEST_NESTING) };
    }
    if (isUnterminated(found)) {
      const swallowsBrace = found.image.includes('}');
      for (const bracket of open) bracket.excused ||= swallowsBrace || !isBrace(bracket);
    }
    out.push(found);
  }
  closeWhile(undefined, () => true);
  return { tokens: out, diagnostics, damage, tooDeep: undefined };
}

function isBrace(bracket: OpenBracket): boolean {
  return bracket.closer === token.RightBrace;
}

/** The opening bracket that a closing one belongs to. A block is never left through the `)` of what surrounds it. */
function findOwn(open: readonly OpenBracket[], closer: TokenType): OpenBracket | undefined {
  const block = open.findLastIndex((bracket) => bracket.closer === token.RightBrace);
  const reachable = closer === token.RightBrace ? open : open.slice(block + 1);
  return reachable.findLast((bracket) => bracket.closer === closer);
}
