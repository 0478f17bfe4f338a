/**
 * Pairs brackets. A bracket without a counterpart is reported here, and then one is put in or the odd one taken out, so
 * that the parser sees balanced brackets only and one missing `)` is one mistake. Where a bracket must have been closed
 * is told from what cannot stand inside: an outer closing bracket, a statement on a line of its own, a declaration.
 */
import type { IToken, TokenType } from 'chevrotain';
import { syntaxCatalogue } from './catalogue.js';
import type { Diagnostic } from './diagnostic.js';
import { DEEPEST_NESTING, reportTooDeep } from './nesting.js';
import { beginsDeclaration, beginsStatement } from './part-starts.js';
import { indexLines, lineOf, lineRange, type LineIndex } from './positions.js';
import type { Span } from './span.js';
import { insertedToken, isUnterminated, retype, spanOf } from './token-access.js';
import * as token from './tokens.js';

export interface BalancedTokens {
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where a bracket was put in or taken out: what seems wrong right there is a consequence. */
  readonly damage: readonly Span[];
  /** Says that the brackets are nested too deeply; the tokens are those before that place. */
  readonly tooDeep: Diagnostic | undefined;
}

const CLOSER_OF = new Map<TokenType, TokenType>([
  [token.LeftParen, token.RightParen],
  [token.LeftBracket, token.RightBracket],
  [token.LeftBrace, token.RightBrace],
]);
const CLOSERS = new Set(CLOSER_OF.values());
const SPELLING_OF = new Map<TokenType, string>([
  ...[[token.RightParen, ')'] as const, [token.RightBracket, ']'] as const, [token.RightBrace, '}'] as const],
]);

interface OpenBracket {
  readonly token: IToken;
  readonly closer: TokenType;
  /** A string without an end has swallowed what followed it on its line, probably a closing bracket. */
  excused: boolean;
}

export function balanceBrackets(tokens: readonly IToken[], text: string): BalancedTokens {
  const lines = indexLines(text);
  const out: IToken[] = [];
  const open: OpenBracket[] = [];
  const diagnostics: Diagnostic[] = [];
  const damage: Span[] = [];
  const count = (type: TokenType): number => tokens.filter((found) => found.tokenType === type).length;
  const missingBraces = count(token.LeftBrace) - count(token.RightBrace);

  /** Closes the innermost bracket before `found`, which cannot stand inside of it; `undefined` is the end of the file. */
  const closeInnermost = (found: IToken | undefined): void => {
    const bracket = open.pop();
    const previous = out.at(-1);
    if (bracket === undefined || previous === undefined) return;
    const end = spanOf(previous).end;
    const here = { start: end, end };
    out.push(insertedToken(bracket.closer, end));
    damage.push(here);
    if (!bracket.excused) diagnostics.push(reportUnclosed(bracket, found === undefined ? here : spanOf(found), found));
  };
  const closeWhile = (found: IToken | undefined, test: (bracket: OpenBracket) => boolean): void => {
    for (let top = open.at(-1); top !== undefined && test(top); top = open.at(-1)) closeInnermost(found);
  };
  const isBrace = (bracket: OpenBracket): boolean => bracket.closer === token.RightBrace;
  const takeOut = (found: IToken): void => {
    diagnostics.push(syntaxCatalogue.report('SBN1021', { close: found.image }, spanOf(found)));
    damage.push(spanOf(found));
  };

  const close = (found: IToken, next: IToken | undefined): void => {
    const own = findOwn(open, found.tokenType);
    if (own !== undefined) {
      closeWhile(found, (bracket) => bracket !== own);
      if (found.tokenType === token.RightBrace && missingBraces > 0) {
        const outer = outerByIndentation(open, found, lines);
        if (outer !== undefined) closeWhile(found, (bracket) => bracket !== outer);
      }
      open.pop();
      out.push(found);
      return;
    }
    const top = open.at(-1);
    if (top === undefined || isBrace(top) || next?.tokenType === top.closer) {
      takeOut(found);
      return;
    }
    const expected = SPELLING_OF.get(top.closer) ?? '';
    const related = [{ span: spanOf(top.token), text: 'opened here' }];
    const params = { open: top.token.image, found: found.image, expected };
    diagnostics.push(syntaxCatalogue.report('SBN1022', params, spanOf(found), { related }));
    damage.push(spanOf(found));
    open.pop();
    out.push(retype(found, top.closer));
  };

  for (const [index, found] of tokens.entries()) {
    if (CLOSERS.has(found.tokenType)) {
      close(found, tokens[index + 1]);
      continue;
    }
    const innermost = open.at(-1);
    if (innermost !== undefined) {
      // With all braces paired, a declaration in a block is out of place; otherwise the block was not closed.
      if (beginsDeclaration(tokens, index)) closeWhile(found, (bracket) => missingBraces > 0 || !isBrace(bracket));
      else if (!isBrace(innermost) && beginsStatement(tokens, index, text, innermost.token.tokenType)) {
        closeWhile(found, (bracket) => !isBrace(bracket));
      }
    }
    const closer = CLOSER_OF.get(found.tokenType);
    if (closer !== undefined) open.push({ token: found, closer, excused: false });
    if (open.length > DEEPEST_NESTING) {
      return { tokens: out, diagnostics, damage, tooDeep: reportTooDeep(found, DEEPEST_NESTING) };
    }
    if (isUnterminated(found)) for (const bracket of open) bracket.excused ||= !isBrace(bracket);
    out.push(found);
  }
  closeWhile(undefined, () => true);
  return { tokens: out, diagnostics, damage, tooDeep: undefined };
}

/** The opening bracket that a closing one belongs to. A block is never left through the `)` of what surrounds it. */
function findOwn(open: readonly OpenBracket[], closer: TokenType): OpenBracket | undefined {
  const block = open.findLastIndex((bracket) => bracket.closer === token.RightBrace);
  const reachable = closer === token.RightBrace ? open : open.slice(block + 1);
  return reachable.findLast((bracket) => bracket.closer === closer);
}

/** The block that a `}` is indented to close, where that is not the innermost one. */
function outerByIndentation(open: readonly OpenBracket[], found: IToken, lines: LineIndex): OpenBracket | undefined {
  const own = indentationOf(found, lines);
  const innermost = open.at(-1);
  const { start } = lineRange(lines, lineOf(lines, found.startOffset));
  if (innermost === undefined || found.startOffset !== start + own.length) return undefined;
  if (indentationOf(innermost.token, lines) === own) return undefined;
  return open.findLast((bracket) => bracket.closer === token.RightBrace && indentationOf(bracket.token, lines) === own);
}

function indentationOf(found: IToken, lines: LineIndex): string {
  const { start } = lineRange(lines, lineOf(lines, found.startOffset));
  return /^[^\S\r\n]*/.exec(lines.text.slice(start, found.startOffset))?.[0] ?? '';
}

function reportUnclosed(bracket: OpenBracket, span: Span, found: IToken | undefined): Diagnostic {
  const close = SPELLING_OF.get(bracket.closer) ?? '';
  return syntaxCatalogue.report('SBN1020', { open: bracket.token.image, close }, span, {
    ...(found === undefined ? { label: 'the file ends here' } : {}),
    related: [{ span: spanOf(bracket.token), text: 'opened here' }],
  });
}
