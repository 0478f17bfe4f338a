/** Names and calls. */
import type { CallExpression, Expression, NamedArgument, NameExpression } from './ast.js';
import { allOf, buildIdentifier, checkList, type BuildContext } from './build-context.js';
import { buildExpression, buildRequired } from './build-expression.js';
import { syntaxCatalogue } from './catalogue.js';
import { extentOf, first } from './cst-access.js';
import type { ArgumentCst, CallArgumentsCst, ReferenceCst } from './cst.js';
import type { Span } from './span.js';
import { spanOf } from './token-access.js';
import * as token from './tokens.js';

export function buildReference(cst: ReferenceCst, context: BuildContext): NameExpression | CallExpression | undefined {
  const name = first(cst.children.Identifier);
  const call = first(cst.children.callArguments);
  const args = call === undefined ? undefined : buildArguments(call, context);
  if (name === undefined) return undefined;
  const callee = buildIdentifier(name);
  if (call === undefined) return { kind: 'name', name: callee.name, span: callee.span };
  return args === undefined ? undefined : { kind: 'call', callee, ...args, span: extentOf(cst) };
}

type Argument = NamedArgument | Expression;

function isNamed(argument: Argument): argument is NamedArgument {
  return !('kind' in argument);
}

function buildArguments(
  cst: CallArgumentsCst,
  context: BuildContext,
): Pick<CallExpression, 'positional' | 'named'> | undefined {
  const { children } = cst;
  const parts = children.argument ?? [];
  const built = allOf(parts.map((part) => buildArgument(part, context)));
  const { LeftParen: opener, RightParen: closer, Comma: commas, strayInBrackets: stray } = children;
  const items = parts.map(extentOf);
  const isSound = checkList({ opener, closer, commas, stray, items, kind: 'arguments' }, context);
  if (built === undefined || !isSound) return undefined;
  const positional: Expression[] = [];
  const named: NamedArgument[] = [];
  let latePosition: Span | undefined;
  for (const argument of built) {
    if (isNamed(argument)) named.push(argument);
    else {
      if (named.length > 0) latePosition ??= argument.span;
      positional.push(argument);
    }
  }
  const [firstNamed] = named;
  // A missing comma has likely made two arguments of a named one.
  const isConsequence = (): boolean => context.findings.anyWithin(extentOf(cst));
  if (latePosition !== undefined && firstNamed !== undefined && !isConsequence()) {
    const related = [{ span: firstNamed.span, text: 'the first argument with a name' }];
    context.findings.add(syntaxCatalogue.report('SBN1041', {}, latePosition, { related }));
  }
  return { positional, named };
}

function buildArgument(cst: ArgumentCst, context: BuildContext): Argument | undefined {
  const { children } = cst;
  const expression = first(children.expression);
  const sign = first(children.ColonOrEquals);
  const name = first(children.Identifier);
  if (sign === undefined || name === undefined) {
    return expression === undefined ? undefined : buildExpression(expression, context);
  }
  if (sign.tokenType === token.Colon) {
    context.findings.add(syntaxCatalogue.report('SBN1037', { expected: '=' }, spanOf(sign)));
  }
  const value = buildRequired(expression, sign, context);
  return value === undefined ? undefined : { name: buildIdentifier(name), value, span: extentOf(cst) };
}
