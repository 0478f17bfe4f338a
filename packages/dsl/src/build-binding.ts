/** `const` and `let`, which are built alike, and the sign `=`. */
import type { IToken } from 'chevrotain';
import type { Expression, Identifier } from './ast.js';
import { identifierOf, type BuildContext } from './build-context.js';
import { buildRequired } from './build-expression.js';
import { syntaxCatalogue } from './catalogue.js';
import { endOf, extentOf, first } from './cst-access.js';
import type { ConstDeclarationCst, LetStatementCst } from './cst.js';
import { reportExpected } from './expectations.js';
import { spanOf } from './token-access.js';
import * as token from './tokens.js';

interface Binding {
  readonly name: Identifier;
  readonly value: Expression;
}

export function buildBinding(
  kind: 'const' | 'let',
  keyword: IToken | undefined,
  { children }: ConstDeclarationCst | LetStatementCst,
  context: BuildContext,
): Binding | undefined {
  const name = identifierOf(children.Identifier);
  if (name === undefined) reportExpected(`${kind}Name`, endOf(keyword), context);
  const annotation = first(children.annotation);
  if (annotation !== undefined) {
    context.findings.add(syntaxCatalogue.report('SBN1046', { keyword: kind }, extentOf(annotation)));
  }
  const sign = first(children.EqualsOrTilde);
  const before = endOf(keyword, first(children.Identifier), annotation);
  if (sign === undefined) reportExpected(`${kind}Sign`, before, context);
  const isDrawn = kind === 'let' && sign?.tokenType === token.Tilde && name !== undefined;
  const isWrong = checkEquals(sign, context, isDrawn ? `a site has no \`let\`: \`${name.name} ~ …\`` : undefined);
  const value = buildRequired(first(children.expression), sign, context);
  return name === undefined || value === undefined || isWrong ? undefined : { name, value };
}

/** Reports another sign in the place of `=`, and tells whether it changes the meaning: `==` does not. */
export function checkEquals(sign: IToken | undefined, { findings }: BuildContext, hint?: string): boolean {
  if (sign === undefined || sign.tokenType === token.Equals) return false;
  const particulars = hint === undefined ? {} : { hint };
  findings.add(syntaxCatalogue.report('SBN1035', { found: sign.image }, spanOf(sign), particulars));
  return sign.tokenType !== token.EqualsEquals;
}
