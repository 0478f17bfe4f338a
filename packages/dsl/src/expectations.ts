/** What the parser itself reports: a word that is missing in the head of a declaration or a statement. */
import { MismatchedTokenException, type IParserErrorMessageProvider, type IRecognitionException } from 'chevrotain';
import { syntaxCatalogue } from './catalogue.js';
import { suggest } from './did-you-mean.js';
import type { Findings, Place } from './findings.js';
import { describeToken } from './token-access.js';
import * as token from './tokens.js';

/** Chevrotain has an exception tell what was expected in its message alone, so ours is the name of the token type. */
export const expectationProvider: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.name,
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: () => '',
  buildEarlyExitMessage: () => '',
};

interface Expectation {
  readonly rule: string;
  readonly expected: string;
  readonly says: string;
  readonly hint?: string;
}

/** For a rule of the grammar and a token that it expects, what to say. */
const EXPECTATIONS: readonly Expectation[] = [
  {
    rule: 'importDeclaration',
    expected: 'StringLiteral',
    says: 'the name of a file',
    hint: 'write `import "layers.sbn"`',
  },
  { rule: 'constDeclaration', expected: 'Identifier', says: 'a name', hint: 'write `const H = 200`' },
  { rule: 'constDeclaration', expected: 'EqualsOrTilde', says: '`=`', hint: 'write `const H = 200`' },
  { rule: 'dataDeclaration', expected: 'Identifier', says: 'a name', hint: 'write `data x: binary[784]`' },
  { rule: 'dataDeclaration', expected: 'ColonOrEquals', says: '`:` and a type', hint: 'write `data x: binary[784]`' },
  { rule: 'paramDeclaration', expected: 'Identifier', says: 'a name', hint: 'write `param eta: real[200] = zeros`' },
  {
    rule: 'paramDeclaration',
    expected: 'ColonOrEquals',
    says: '`:` and a type',
    hint: 'write `param eta: real[200] = zeros`',
  },
  {
    rule: 'fnDeclaration',
    expected: 'Identifier',
    says: 'a name',
    hint: 'write `fn half(x: real[n]) -> real[n] { … }`',
  },
  { rule: 'fnDeclaration', expected: 'LeftParen', says: '`(` and the parameters', hint: 'none are written `()`' },
  {
    rule: 'fnDeclaration',
    expected: 'Arrow',
    says: '`->` and the type of the result',
    hint: 'a function says what it gives: `-> real[n]`',
  },
  { rule: 'parameter', expected: 'ColonOrEquals', says: '`:` and a type', hint: 'write `x: real[n]`' },
  { rule: 'type', expected: 'Identifier', says: 'a type', hint: 'types are written `real[200]`, `onehot[10]`, `int`' },
  { rule: 'body', expected: 'LeftBrace', says: '`{`' },
  { rule: 'trainDeclaration', expected: 'LeftBrace', says: '`{`' },
  { rule: 'trainEntry', expected: 'Identifier', says: 'a name of data', hint: 'write `data x = bars(n = 4)`' },
  { rule: 'trainEntry', expected: 'ColonOrEquals', says: '`=`', hint: 'settings are written `batch = 100`' },
  { rule: 'letStatement', expected: 'Identifier', says: 'a name', hint: 'write `let h = tanh(x)`' },
  { rule: 'letStatement', expected: 'EqualsOrTilde', says: '`=`', hint: 'write `let h = tanh(x)`' },
  { rule: 'forStatement', expected: 'Identifier', says: 'a name', hint: 'write `for l in 1..N { … }`' },
  { rule: 'forStatement', expected: 'InOrEquals', says: '`in`', hint: 'write `for l in 1..N { … }`' },
  { rule: 'plateStatement', expected: 'Identifier', says: 'a name', hint: 'write `plate i in N { … }`' },
  { rule: 'plateStatement', expected: 'InOrEquals', says: '`in`', hint: 'write `plate i in N { … }`' },
  { rule: 'comprehension', expected: 'Identifier', says: 'a name', hint: 'write `[f(i) for i in 1..N]`' },
  { rule: 'comprehension', expected: 'InOrEquals', says: '`in`', hint: 'write `[f(i) for i in 1..N]`' },
  { rule: 'sampleStatement', expected: 'EqualsOrTilde', says: '`~` and a distribution' },
  { rule: 'reference', expected: 'Identifier', says: 'an estimator', hint: 'write its name, such as `muprop`' },
];

/** Reports an error of the parser's recovery. */
export function reportExpectation(error: IRecognitionException, findings: Findings): void {
  const rule = error.context.ruleStack.at(-1);
  const expectation = EXPECTATIONS.find((candidate) => candidate.rule === rule && candidate.expected === error.message);
  const previous = error instanceof MismatchedTokenException ? error.previousToken : undefined;
  const isAtEnd = Number.isNaN(error.token.startOffset);
  findings.addAt(findings.placeBetween(previous, isAtEnd ? undefined : error.token), (place) => {
    const says = expectation?.says ?? 'something else';
    const hint = rule === 'sampleStatement' ? siteHint(place) : expectation?.hint;
    const after = place.previous === undefined ? undefined : describeToken(place.previous);
    const label = place.showsFound ? `found ${describeToken(place.found)}` : '';
    return syntaxCatalogue.report('SBN1030', { expected: says, after }, place.span, { label, hint });
  });
}

const KEYWORDS = token.KEYWORDS.flatMap(({ PATTERN }) => (typeof PATTERN === 'string' ? [PATTERN] : []));

/** The keyword that a name may stand for by a slip of the fingers. */
export function suggestKeyword(name: string): string | undefined {
  return suggest(name, KEYWORDS);
}

/** A name that begins a statement and has no `~` after it: what it may have been meant for. */
function siteHint({ previous, found }: Place): string | undefined {
  if (previous?.tokenType !== token.LeadingName) return 'a site is written `name ~ distribution(…)`';
  const name = previous.image;
  if (found?.tokenType === token.LeftParen) return `to name a value, write \`let h = ${name}(…)\``;
  const keyword = suggestKeyword(name);
  if (keyword !== undefined) return `did you mean \`${keyword}\`?`;
  return `\`${name} ~ …\` draws from a distribution; \`let ${name} = …\` names a value`;
}
