/** What people write out of habit from other languages, or by a keyboard or a word processor, and what they mean by it. */
import type { TokenType } from 'chevrotain';
import * as token from './tokens.js';

export interface Meaning {
  /** The token that stands in for the spelling from here on. */
  readonly standsFor: TokenType;
  readonly hint: string;
}

function same(standsFor: TokenType, spelling: string): Meaning {
  return { standsFor, hint: `write \`${spelling}\`` };
}

function elementwise(standsFor: TokenType, spelling: string): Meaning {
  return { standsFor, hint: `write \`${spelling}\`: operators work element by element` };
}

const MIX = 'as binary values are numbers: `a * b` is “and”, `1 - a` is “not”, `a + b - a * b` is “or”';
const ASSIGNMENT = 'a value never changes: give the new one a name of its own with `let`';

/** A stand-in keeps the rest of the text readable: `a && b` goes on as a product. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '**': same(token.Caret, '^'),
  '===': same(token.EqualsEquals, '=='),
  '!==': same(token.BangEquals, '!='),
  '<>': same(token.BangEquals, '!='),
  ':=': { standsFor: token.Equals, hint: 'write `=`, or `~` for what is drawn from a distribution' },
  '=>': same(token.Arrow, '->'),
  '&&': { standsFor: token.Star, hint: `write \`*\`, ${MIX}` },
  '&': { standsFor: token.Star, hint: `write \`*\`, ${MIX}` },
  '||': { standsFor: token.Plus, hint: `write \`a + b - a * b\`, ${MIX}` },
  '|': { standsFor: token.Plus, hint: `write \`a + b - a * b\`, ${MIX}` },
  '!': { standsFor: token.Minus, hint: `write \`1 - a\`, ${MIX}` },
  '+=': { standsFor: token.Equals, hint: ASSIGNMENT },
  '-=': { standsFor: token.Equals, hint: ASSIGNMENT },
  '*=': { standsFor: token.Equals, hint: ASSIGNMENT },
  '/=': { standsFor: token.Equals, hint: ASSIGNMENT },
  '%*%': same(token.At, '@'),
  '.*': elementwise(token.Star, '*'),
  './': elementwise(token.Slash, '/'),
  '.+': elementwise(token.Plus, '+'),
  '.-': elementwise(token.Minus, '-'),
  '.^': elementwise(token.Caret, '^'),
  '%': { standsFor: token.Slash, hint: 'there is no remainder; write a fraction in place of a percentage: `0.05`' },
  '?': { standsFor: token.Unknown, hint: 'write `if c then a else b`' },
  '.': {
    standsFor: token.Unknown,
    hint: 'nothing has members, and functions belong to no module; a range has two dots, `1..3`',
  },
  '−': same(token.Minus, '-'),
  '–': same(token.Minus, '-'),
  '—': same(token.Minus, '-'),
  '×': same(token.Star, '*'),
  '·': same(token.Star, '*'),
  '⋅': same(token.Star, '*'),
  '÷': same(token.Slash, '/'),
  '≤': same(token.LessEquals, '<='),
  '≥': same(token.GreaterEquals, '>='),
  '≠': same(token.BangEquals, '!='),
  '≈': same(token.Tilde, '~'),
  '∼': same(token.Tilde, '~'),
  '～': same(token.Tilde, '~'),
  '…': same(token.DotDot, '..'),
  '→': same(token.Arrow, '->'),
  '←': same(token.Tilde, '~'),
  '（': same(token.LeftParen, '('),
  '）': same(token.RightParen, ')'),
  '［': same(token.LeftBracket, '['),
  '］': same(token.RightBracket, ']'),
  '｛': same(token.LeftBrace, '{'),
  '｝': same(token.RightBrace, '}'),
  '，': same(token.Comma, ','),
  '：': same(token.Colon, ':'),
  '＝': same(token.Equals, '='),
  '＋': same(token.Plus, '+'),
};

/** Every match of `ForeignSymbol` has a meaning; a test holds the two together. */
export function meaningOf(spelling: string): Meaning {
  return MEANINGS[spelling] ?? { standsFor: token.Unknown, hint: 'leave it out' };
}

/** Words that are none of the language's, by what they say elsewhere. */
const WORDS: Readonly<Record<string, string>> = {
  and: `write \`*\`, ${MIX}`,
  or: `write \`a + b - a * b\`, ${MIX}`,
  not: `write \`1 - a\`, ${MIX}`,
  elif: 'write `else if`',
  as: 'what is imported keeps its name',
  from: 'all functions and constants of a file come in: `import "layers.sbn"`',
  def: 'a function is written `fn name(x: real[n]) -> real[n] { … }`',
  function: 'a function is written `fn name(x: real[n]) -> real[n] { … }`',
  end: 'a block is closed by `}`',
  parameters: 'each is declared by itself: `param mu: real[3]`',
};

/** What to write in the place of a word that stands where it means nothing. */
export function meaningOfWord(word: string): string | undefined {
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}

const NAMES: Readonly<Record<string, string>> = {
  '\u0000': 'the null character',
  '\u200b': 'a zero-width space',
  '\u200c': 'a zero-width non-joiner',
  '\u200d': 'a zero-width joiner',
  '\u2060': 'a word joiner',
  '\ufffd': 'what stands for undecodable bytes',
};

/** `` `§` ``, or the code point where the character cannot be seen. */
export function describeCharacter(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  const number = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES[character];
  if (name !== undefined) return `${number} (${name})`;
  return /[\p{C}\p{Z}\p{M}]/u.test(character) ? number : `\`${character}\``;
}
