/** Words and signs that can be missing from the head of a declaration or a statement: what to say of each. */
import type { IToken } from 'chevrotain';
import type { BuildContext } from './build-context.js';
import { syntaxCatalogue } from './catalogue.js';
import { suggest } from './did-you-mean.js';
import { describeToken } from './token-access.js';
import * as token from './tokens.js';

interface Expectation {
  readonly says: string;
  readonly hint?: string;
}

const EXPECTATIONS = {
  file: { says: 'the name of a file', hint: 'write `import "layers.sbn"`' },
  constName: { says: 'a name', hint: 'write `const H = 200`' },
  constSign: { says: '`=`', hint: 'write `const H = 200`' },
  dataName: { says: 'a name', hint: 'write `data x: binary[784]`' },
  dataType: { says: '`:` and a type', hint: 'write `data x: binary[784]`' },
  paramName: { says: 'a name', hint: 'write `param eta: real[200] = zeros`' },
  paramType: { says: '`:` and a type', hint: 'write `param eta: real[200] = zeros`' },
  type: { says: 'a type', hint: 'types are written `real[200]`, `onehot[10]`, `int`' },
  functionName: { says: 'a name', hint: 'write `fn half(x: real[n]) -> real[n] { … }`' },
  parameters: { says: '`(` and the parameters', hint: 'write `fn half(x: real[n]) -> real[n] { … }`' },
  parameterType: { says: '`:` and a type', hint: 'write `x: real[n]`' },
  result: { says: '`->` and the type of the result', hint: 'a function says what it gives: `-> real[n]`' },
  block: { says: '`{`' },
  dataSourceName: { says: 'a name of data', hint: 'write `data x = bars(n = 4)`' },
  settingSign: { says: '`=`', hint: 'write `batch = 100`' },
  letName: { says: 'a name', hint: 'write `let h = tanh(x)`' },
  letSign: { says: '`=`', hint: 'write `let h = tanh(x)`' },
  forName: { says: 'a name', hint: 'write `for l in 1..N { … }`' },
  forIn: { says: '`in`', hint: 'write `for l in 1..N { … }`' },
  plateName: { says: 'a name', hint: 'write `plate i in N { … }`' },
  plateIn: { says: '`in`', hint: 'write `plate i in N { … }`' },
  comprehensionName: { says: 'a name', hint: 'write `[f(i) for i in 1..N]`' },
  comprehensionIn: { says: '`in`', hint: 'write `[f(i) for i in 1..N]`' },
  estimator: { says: 'an estimator', hint: 'write its name, such as `muprop`' },
} as const satisfies Readonly<Record<string, Expectation>>;

export type Expected = keyof typeof EXPECTATIONS;

/** Reports that something is missing at an offset. */
export function reportExpected(expected: Expected, offset: number, context: BuildContext): void {
  const expectation: Expectation = EXPECTATIONS[expected];
  reportMissing(expectation.says, expectation.hint, offset, context);
}

function reportMissing(says: string, hint: string | undefined, offset: number, { findings }: BuildContext): void {
  findings.addIfFirstOnLine(findings.placeAt(offset), ({ previous, found, span, showsFound }) => {
    const after = previous === undefined ? undefined : describeToken(previous);
    const label = showsFound ? `found ${describeToken(found)}` : '';
    return syntaxCatalogue.report('SBN1030', { expected: says, after }, span, { label, hint });
  });
}

/** Reports that a name which begins a statement, perhaps with indices, has no `~` after it. */
export function reportNoTilde(name: IToken, offset: number, context: BuildContext): void {
  const { found } = context.findings.placeAt(offset);
  const hint =
    found?.tokenType === token.LeftParen ? `to name a value, write \`let h = ${name.image}(…)\`` : siteHint(name);
  reportMissing('`~` and a distribution', hint, offset, context);
}

function siteHint({ image }: IToken): string {
  const keyword = suggestKeyword(image);
  if (keyword !== undefined) return `did you mean \`${keyword}\`?`;
  return `\`${image} ~ …\` draws from a distribution; \`let ${image} = …\` names a value`;
}

const KEYWORDS = token.KEYWORDS.flatMap(({ PATTERN }) =>
  typeof PATTERN === 'string' && PATTERN.length > 2 ? [PATTERN] : [],
);

/** The keyword that a name may stand for by a slip of the fingers; short words are all alike. */
export function suggestKeyword(name: string): string | undefined {
  return name.length > 2 ? suggest(name, KEYWORDS) : undefined;
}
