/**
 * Text → tokens. What has no meaning is reported, and replaced by what was probably meant or passed over, so that the
 * parser sees words and symbols of the language only.
 */
import type { IToken, TokenType } from 'chevrotain';
import { syntaxCatalogue } from './catalogue.js';
import { Lexer } from './chevrotain.js';
import type { Diagnostic } from './diagnostic.js';
import { describeCharacter, meaningOf } from './foreign-spellings.js';
import { MOST_MISTAKES } from './limit-diagnostics.js';
import type { Span } from './span.js';
import { retype, shortened, spanOf } from './token-access.js';
import * as token from './tokens.js';

export interface LexedText {
  readonly tokens: readonly IToken[];
  /** The `///` comments, one for each line. */
  readonly docs: readonly IToken[];
  /** The other `//` comments. */
  readonly comments: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where something that could have been an expression was not understood: its neighbours are not to blame. */
  readonly damage: readonly Span[];
}

let known: Lexer | undefined;

function lexerOfAll(): Lexer {
  // The tokens are the same in every run: that they are sound is for a test to ask, not for each start.
  known ??= new Lexer(token.LEXED, {
    ensureOptimizations: true,
    positionTracking: 'onlyOffset',
    skipValidations: true,
  });
  return known;
}

/** Never fails: `Unknown` matches any character that nothing else does. Ends where it has found `MOST_MISTAKES`. */
export function lex(text: string): LexedText {
  const { tokens, groups } = lexerOfAll().tokenize(text);
  const diagnostics: Diagnostic[] = [];
  const damage: Span[] = [];
  const kept: IToken[] = [];
  for (const [index, found] of tokens.entries()) {
    if (diagnostics.length >= MOST_MISTAKES) break;
    // Chevrotain's fastest lexing leaves this out, and its parser needs it for the extent of nodes.
    found.endOffset = found.startOffset + found.image.length - 1;
    const repair = REPAIRS.get(found.tokenType);
    if (repair === undefined) {
      kept.push(found);
      continue;
    }
    const { diagnostic, replacement, damages } = repair(found, tokens[index - 1]);
    if (diagnostic !== undefined) diagnostics.push(diagnostic);
    if (damages) damage.push(spanOf(found));
    if (replacement !== undefined) kept.push(replacement);
  }
  const semicolon = reportSemicolons(tokens);
  if (semicolon !== undefined) diagnostics.push(semicolon);
  const foreignComments = (groups['foreignComments'] ?? []).slice(0, MOST_MISTAKES);
  return {
    tokens: kept,
    docs: groups['docs'] ?? [],
    comments: groups['comments'] ?? [],
    diagnostics: [...diagnostics, ...foreignComments.map(reportComment)],
    damage,
  };
}

interface Repair {
  /** Nothing where the token is part of a mistake that is reported already. */
  readonly diagnostic: Diagnostic | undefined;
  /** Nothing where the token is passed over. */
  readonly replacement: IToken | undefined;
  readonly damages: boolean;
}

const { report } = syntaxCatalogue;

const REPAIRS = new Map<TokenType, (found: IToken, previous: IToken | undefined) => Repair>([
  [token.Semicolon, () => ({ diagnostic: undefined, replacement: undefined, damages: false })],
  [
    token.Unknown,
    (found, previous) => {
      const continues = previous?.tokenType === token.Unknown && spanOf(previous).end === found.startOffset;
      const params = { character: describeCharacter(found.image) };
      return {
        diagnostic: continues ? undefined : report('SBN1001', params, spanOf(found)),
        replacement: found,
        damages: true,
      };
    },
  ],
  [
    token.ForeignSymbol,
    (found) => {
      const { standsFor, hint } = meaningOf(found.image);
      return {
        diagnostic: report('SBN1002', { spelling: found.image }, spanOf(found), { hint }),
        replacement: retype(found, standsFor),
        damages: true,
      };
    },
  ],
  [
    token.UnterminatedString,
    (found) => ({
      diagnostic: report('SBN1003', {}, spanOf(found)),
      replacement: retype(found, token.StringLiteral),
      damages: true,
    }),
  ],
  [
    token.OtherQuotes,
    (found) => {
      const corrected = `"${found.image.slice(1, -1)}"`;
      return {
        diagnostic: report('SBN1004', { corrected }, spanOf(found)),
        replacement: retype(found, token.StringLiteral),
        damages: false,
      };
    },
  ],
  [
    token.MalformedNumber,
    (found) => ({
      diagnostic: report('SBN1006', { text: shortened(found.image) }, spanOf(found), numberHint(found.image)),
      replacement: retype(found, token.NumberLiteral),
      damages: true,
    }),
  ],
]);

/** The likely meaning of what is almost a number, where there is one. */
function numberHint(text: string): { readonly hint?: string } {
  if (shortened(text) !== text) return {};
  if (/^\.\d+$/.test(text)) return { hint: `write \`0${text}\`` };
  if (/^\d+\.$/.test(text)) return { hint: `write \`${text}0\`, or \`${text}.\` for a range` };
  if (/^\d+(?:_\d+)+$/.test(text)) return { hint: `write \`${text.replaceAll('_', '')}\`` };
  const product = /^(\d+(?:\.\d+)?)([\p{L}_][\p{L}\p{M}\p{N}_]*)$/u.exec(text);
  const [, factor, name] = product ?? [];
  if (factor === undefined || name === undefined || /^[xob]\p{N}|^e$/iu.test(name)) return {};
  return { hint: `a product is written \`${factor} * ${name}\`; a name does not begin with a digit` };
}

/** A habit is one mistake, however often it shows. */
function reportSemicolons(tokens: readonly IToken[]): Diagnostic | undefined {
  const [first, ...others] = tokens.filter((candidate) => candidate.tokenType === token.Semicolon);
  if (first === undefined) return undefined;
  const notes = others.length === 0 ? [] : [`the file has ${others.length} more`];
  return report('SBN1009', {}, spanOf(first), { notes });
}

function reportComment(comment: IToken): Diagnostic {
  const opener = comment.image.startsWith('#') ? '#' : '/*';
  const { start } = spanOf(comment);
  return report('SBN1008', { opener }, { start, end: start + opener.length });
}
