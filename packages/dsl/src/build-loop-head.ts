/** `l in`, after `for` or `plate`. */
import type { IToken } from 'chevrotain';
import type { Identifier } from './ast.js';
import { identifierOf, type BuildContext } from './build-context.js';
import { syntaxCatalogue } from './catalogue.js';
import { endOf, first } from './cst-access.js';
import type { ComprehensionCst, ForStatementCst, PlateStatementCst } from './cst.js';
import { reportExpected } from './expectations.js';
import { spanOf } from './token-access.js';
import * as token from './tokens.js';

interface LoopHead {
  readonly variable: Identifier | undefined;
  /** The `in`, after which a range or a size must stand. */
  readonly sign: IToken | undefined;
}

export function buildLoopHead(
  kind: 'for' | 'plate' | 'comprehension',
  keyword: IToken | undefined,
  { children }: ForStatementCst | PlateStatementCst | ComprehensionCst,
  context: BuildContext,
): LoopHead {
  const variable = identifierOf(children.Identifier);
  if (variable === undefined) reportExpected(`${kind}Name`, endOf(keyword), context);
  const sign = first(children.InOrEquals);
  if (sign === undefined) reportExpected(`${kind}In`, endOf(keyword, first(children.Identifier)), context);
  if (sign?.tokenType === token.Equals) {
    const params = { expected: '`in`', after: undefined };
    const particulars = { label: 'found `=`', hint: 'write `in`' };
    context.findings.add(syntaxCatalogue.report('SBN1030', params, spanOf(sign), particulars));
  }
  return { variable, sign };
}
