/** Precedence: from operands and operators in a row to a tree. */
import type { IToken } from 'chevrotain';
import type { BinaryOperator, Expression } from './ast.js';
import { syntaxCatalogue } from './catalogue.js';
import type { Findings } from './findings.js';
import { joinSpans, type Span } from './span.js';
import { spanOf } from './token-access.js';

/** How tightly operators bind; unary minus stands between products and powers. Equals go from left to right, but for `^`. */
export const BINDING: Readonly<Record<BinaryOperator, number>> = {
  '<': 1,
  '<=': 1,
  '>': 1,
  '>=': 1,
  '==': 1,
  '!=': 1,
  '+': 2,
  '-': 2,
  '*': 3,
  '/': 3,
  '@': 3,
  '^': 4,
};
const COMPARISON = 1;
const LOOSEST = 1;
export const POWER = 4;

export interface Operand {
  /** The `-` before it, outermost first. */
  readonly minuses: readonly IToken[];
  readonly expression: Expression;
  /** Of the expression, with the parentheses around it, without the `-`. */
  readonly extent: Span;
}

export interface Operator {
  readonly symbol: BinaryOperator;
  readonly token: IToken;
}

/** A token as an operator; nothing for characters that are none. Look-alikes have the type of what they stand for. */
export function asOperator(token: IToken): Operator | undefined {
  const symbol = Object.keys(BINDING).find((candidate) => candidate === token.tokenType.PATTERN);
  // The key is one of the record's, whose keys are the operators.
  return symbol === undefined ? undefined : { symbol: symbol as BinaryOperator, token };
}

interface Part {
  readonly expression: Expression;
  readonly extent: Span;
}

/** Requires one operator between any two operands. Reports comparisons in a row, and reads them from left to right. */
export function combineOperators(
  operands: readonly Operand[],
  operators: readonly Operator[],
  findings: Findings,
): Expression | undefined {
  let next = 0;
  /** The operator to come, where it binds at least as tightly as `binding`. */
  const peek = (binding: number): Operator | undefined => {
    const operator = operators[next];
    return operator !== undefined && BINDING[operator.symbol] >= binding ? operator : undefined;
  };

  /** `-a^b` is `-(a^b)`, and `a^-b^c` is `a^(-(b^c))`. */
  const signed = (): Part | undefined => {
    const operand = operands[next];
    if (operand === undefined) return undefined;
    const power = raised(operand);
    return power === undefined ? undefined : operand.minuses.reduceRight(negate, power);
  };
  const raised = (base: Part): Part | undefined => {
    const operator = peek(POWER);
    if (operator === undefined) return base;
    next += 1;
    const exponent = signed();
    return exponent === undefined ? undefined : join(base, operator, exponent);
  };
  const climb = (binding: number): Part | undefined => {
    let left = signed();
    const comparisons: Operator[] = [];
    for (let operator = peek(binding); operator !== undefined && left !== undefined; operator = peek(binding)) {
      if (BINDING[operator.symbol] === COMPARISON) comparisons.push(operator);
      next += 1;
      const right = climb(BINDING[operator.symbol] + 1);
      left = right === undefined ? undefined : join(left, operator, right);
    }
    reportChain(comparisons, findings);
    return left;
  };
  return climb(LOOSEST)?.expression;
}

function negate(operand: Part, minus: IToken): Part {
  const extent = joinSpans(spanOf(minus), operand.extent);
  return { expression: { kind: 'unary', operator: '-', operand: operand.expression, span: extent }, extent };
}

function join(left: Part, { symbol, token }: Operator, right: Part): Part {
  const extent = joinSpans(left.extent, right.extent);
  const operands = { left: left.expression, right: right.expression };
  const expression = {
    kind: 'binary',
    operator: symbol,
    operatorSpan: spanOf(token),
    ...operands,
    span: extent,
  } as const;
  return { expression, extent };
}

function reportChain([former, latter]: readonly Operator[], findings: Findings): void {
  if (former === undefined || latter === undefined) return;
  const related = [{ span: spanOf(former.token), text: 'this comparison comes first' }];
  const span = spanOf(latter.token);
  findings.addIfFirstOnLine(findings.placeOn(span.start, span), () =>
    syntaxCatalogue.report('SBN1039', {}, span, { related }),
  );
}
