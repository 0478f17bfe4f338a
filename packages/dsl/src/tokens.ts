/**
 * The words and symbols of the language. Besides those of the text there are categories, by which a rule of the grammar
 * takes any of several tokens, and derived types, which later passes give to tokens once their role is known.
 */
import type { TokenType } from 'chevrotain';
import { createToken, Lexer } from './chevrotain.js';

function category(name: string): TokenType {
  return createToken({ name, pattern: Lexer.NA });
}

/** Taken for one another by mistake: the grammar accepts each, and the wrong one is reported while the tree is built. */
export const EqualsOrTilde = category('EqualsOrTilde');
export const ColonOrEquals = category('ColonOrEquals');
export const InOrEquals = category('InOrEquals');
export const BinaryOperatorToken = category('BinaryOperatorToken');

/** What has no meaning in a place, and is passed over there as a piece: anything but brackets and what can begin a part. */
export const StrayInBrackets = category('StrayInBrackets');
export const StrayInBlock = category('StrayInBlock');
export const StrayInTrain = category('StrayInTrain');
export const StrayInModule = category('StrayInModule');
const STRAY_ANYWHERE = [StrayInBrackets, StrayInBlock, StrayInTrain, StrayInModule];

/** A pattern with the `u` flag, which chevrotain would drop; it must also be told how a match can begin. */
function unicode(
  name: string,
  source: string,
  starts: readonly (string | number)[],
  categories: TokenType[],
): TokenType {
  const pattern = new RegExp(source, 'uy');
  const exec = (text: string, offset: number): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
  return createToken({ name, pattern: exec, line_breaks: false, start_chars_hint: [...starts], categories });
}
const CODE_UNITS = Array.from({ length: 0x10000 }, (_, unit) => unit);
const NAME_START = CODE_UNITS.filter((unit) => unit >= 0x80 || /[A-Z_a-z]/.test(String.fromCharCode(unit)));
const NUMBER_START = Array.from('0123456789.');

export const Identifier = unicode('Identifier', String.raw`[\p{L}_][\p{L}\p{M}\p{N}_]*`, NAME_START, STRAY_ANYWHERE);

function keyword(word: string, categories: TokenType[]): TokenType {
  const name = word.charAt(0).toUpperCase() + word.slice(1);
  return createToken({ name, pattern: word, longer_alt: Identifier, categories });
}

const opensDeclaration = (word: string) => keyword(word, [StrayInBrackets, StrayInTrain]);
export const Import = opensDeclaration('import');
export const Const = opensDeclaration('const');
export const Param = opensDeclaration('param');
export const Fn = opensDeclaration('fn');
export const Model = opensDeclaration('model');
export const Guide = opensDeclaration('guide');
export const Estimator = opensDeclaration('estimator');
export const Maximize = opensDeclaration('maximize');
export const Minimize = opensDeclaration('minimize');
export const Train = opensDeclaration('train');
/** Opens an entry of `train` as well. */
export const Data = keyword('data', [StrayInBrackets]);

const opensStatement = (word: string) => keyword(word, [StrayInBrackets, StrayInTrain]);
export const Let = opensStatement('let');
export const For = opensStatement('for');
export const Plate = opensStatement('plate');
export const Return = opensStatement('return');

export const In = keyword('in', [InOrEquals, ...STRAY_ANYWHERE]);
export const By = keyword('by', STRAY_ANYWHERE);
export const If = keyword('if', STRAY_ANYWHERE);
export const Then = keyword('then', STRAY_ANYWHERE);
export const Else = keyword('else', STRAY_ANYWHERE);
export const Via = keyword('via', STRAY_ANYWHERE);

export const DECLARATION_KEYWORDS: readonly TokenType[] = [
  ...[Import, Const, Data, Param, Fn, Model, Guide, Estimator, Maximize, Minimize, Train],
];
export const STATEMENT_KEYWORDS: readonly TokenType[] = [Let, For, Plate, Return];
export const KEYWORDS: readonly TokenType[] = [
  ...[...DECLARATION_KEYWORDS, ...STATEMENT_KEYWORDS, In, By, If, Then, Else, Via],
];

/** A name that begins a statement or an entry of `train`, see leading-names.ts. */
export const LeadingName = createToken({
  name: 'LeadingName',
  pattern: Lexer.NA,
  categories: [StrayInBrackets],
});
/** The `for` of `[e for i in a..b]`, see leading-names.ts. */
export const ComprehensionFor = createToken({
  name: 'ComprehensionFor',
  pattern: Lexer.NA,
  categories: STRAY_ANYWHERE,
});

// The lookahead holds the longest number, so that `12` is not `1` with something after it. `1..3` is `1`, `..`, `3`.
const DECIMAL = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const MALFORMED = String.raw`(?:(?=(${DECIMAL}))\1|\.\d)(?:[\p{L}\p{M}\p{N}_]|\.(?!\.))+|\.\d`;
export const MalformedNumber = unicode('MalformedNumber', MALFORMED, NUMBER_START, STRAY_ANYWHERE);

function literal(name: string, pattern: RegExp): TokenType {
  return createToken({ name, pattern, categories: STRAY_ANYWHERE });
}
export const NumberLiteral = literal('NumberLiteral', new RegExp(DECIMAL));
export const StringLiteral = literal('StringLiteral', /"(?:[^"\\\r\n]|\\[^\r\n])*"/);
export const UnterminatedString = literal('UnterminatedString', /"[^\r\n]*/);
export const OtherQuotes = literal('OtherQuotes', /'[^'"\r\n]*'|[“”„][^“”„"\r\n]*["“”]|‘[^‘’\r\n]*’/);

function symbol(name: string, pattern: string, ...categories: TokenType[]): TokenType {
  return createToken({ name, pattern, categories: [...categories, ...STRAY_ANYWHERE] });
}
function bracket(name: string, pattern: string): TokenType {
  return createToken({ name, pattern });
}

export const LeftParen = bracket('LeftParen', '(');
export const RightParen = bracket('RightParen', ')');
export const LeftBracket = bracket('LeftBracket', '[');
export const RightBracket = bracket('RightBracket', ']');
export const LeftBrace = bracket('LeftBrace', '{');
export const RightBrace = bracket('RightBrace', '}');

export const Comma = symbol('Comma', ',');
export const DotDot = symbol('DotDot', '..');
export const Arrow = symbol('Arrow', '->');
export const Tilde = symbol('Tilde', '~', EqualsOrTilde);
export const Colon = symbol('Colon', ':', ColonOrEquals);
export const Equals = symbol('Equals', '=', EqualsOrTilde, ColonOrEquals, InOrEquals);
export const EqualsEquals = symbol('EqualsEquals', '==', EqualsOrTilde, BinaryOperatorToken);
export const BangEquals = symbol('BangEquals', '!=', BinaryOperatorToken);
export const LessEquals = symbol('LessEquals', '<=', BinaryOperatorToken);
export const GreaterEquals = symbol('GreaterEquals', '>=', BinaryOperatorToken);
export const Less = symbol('Less', '<', BinaryOperatorToken);
export const Greater = symbol('Greater', '>', BinaryOperatorToken);
export const Plus = symbol('Plus', '+', BinaryOperatorToken);
export const Minus = symbol('Minus', '-', BinaryOperatorToken);
export const Star = symbol('Star', '*', BinaryOperatorToken);
export const Slash = symbol('Slash', '/', BinaryOperatorToken);
export const Caret = symbol('Caret', '^', BinaryOperatorToken);
export const At = symbol('At', '@', BinaryOperatorToken);
export const Semicolon = symbol('Semicolon', ';');

/** Of other languages, or look-alikes of symbols: see foreign-spellings.ts for what each stands for. */
export const ForeignSymbol = createToken({
  name: 'ForeignSymbol',
  pattern:
    /\*\*|%\*%|\.[-+*/^]|[=!]==|&&|\|\||:=|<>|=>|[-+*/]=|!(?!=)|\.(?!\.)|[&|%?]|[−–—×·⋅÷≤≥≠≈∼～…→←（）［］｛｝，：＝＋]/,
  categories: STRAY_ANYWHERE,
});
/** Any character with no meaning; a binary operator for the grammar, so that its operands are read. */
export const Unknown = unicode('Unknown', '[^]', CODE_UNITS, [BinaryOperatorToken, ...STRAY_ANYWHERE]);

/** `///`, but not `////`, which sets off sections in many a file. */
export const DocComment = createToken({ name: 'DocComment', pattern: /\/\/\/(?!\/)[^\r\n]*/, group: 'docs' });
const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED });
/** For the formatter alone. */
const Comment = createToken({ name: 'Comment', pattern: /\/\/[^\r\n]*/, group: 'comments' });
export const ForeignComment = createToken({
  name: 'ForeignComment',
  pattern: /#[^\r\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/,
  line_breaks: true,
  group: 'foreignComments',
});

/** In the order in which they are tried: where two patterns fit, the first wins. */
export const LEXED: TokenType[] = [
  ...[Space, DocComment, Comment, ForeignComment, ...KEYWORDS, Identifier],
  ...[MalformedNumber, NumberLiteral, StringLiteral, UnterminatedString, OtherQuotes, ForeignSymbol],
  ...[DotDot, Arrow, EqualsEquals, BangEquals, LessEquals, GreaterEquals, Less, Greater, Plus, Minus, Star, Slash],
  ...[Caret, At, Comma, Tilde, Colon, Equals, Semicolon],
  ...[LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace, Unknown],
];

/** For the parser: all there is, also what no text is lexed to. */
export const VOCABULARY: TokenType[] = [
  ...[EqualsOrTilde, ColonOrEquals, InOrEquals, BinaryOperatorToken],
  ...[StrayInBrackets, StrayInBlock, StrayInTrain, StrayInModule],
  ...[...LEXED, LeadingName, ComprehensionFor],
];
