/** The syntax tree of expressions: what was written, nothing resolved. */
import type { Span } from './span.js';

export interface Identifier {
  readonly kind: 'identifier';
  readonly name: string;
  readonly span: Span;
}

/** `from..to` with both ends included, optionally `by step`. */
export interface RangeExpression {
  readonly kind: 'range';
  readonly from: Expression;
  readonly to: Expression;
  readonly step: Expression | undefined;
  readonly span: Span;
}

export type Expression =
  | NumberExpression
  | StringExpression
  | NameExpression
  | UnaryExpression
  | BinaryExpression
  | CallExpression
  | IndexExpression
  | IfExpression
  | ArrayExpression
  | ComprehensionExpression;

export interface NumberExpression {
  readonly kind: 'number';
  readonly value: number;
  readonly span: Span;
}

/** `"train-images.gz"`: only in `train { … }` */
export interface StringExpression {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

export interface NameExpression {
  readonly kind: 'name';
  readonly name: string;
  readonly span: Span;
}

export interface UnaryExpression {
  readonly kind: 'unary';
  readonly operator: '-';
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '@' | '<' | '<=' | '>' | '>=' | '==' | '!=';

/** `^` binds tightest and to the right, then unary `-`, then `* / @`, then `+ -`, then comparison (which does not chain). */
export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** `dense(h2, H)`, `bernoulli(logits = eta)`; named arguments follow positional ones. */
export interface CallExpression {
  readonly kind: 'call';
  readonly callee: Identifier;
  readonly positional: readonly Expression[];
  readonly named: readonly NamedArgument[];
  readonly span: Span;
}

export interface NamedArgument {
  readonly name: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

/** `h[l + 1]`, `x[1..10]`, `x[0..8 by 2]`, `x[.., 3]` */
export interface IndexExpression {
  readonly kind: 'index';
  readonly target: Expression;
  readonly indices: readonly (Expression | RangeExpression | WholeAxis)[];
  readonly span: Span;
}

/** `..`: all of an axis */
export interface WholeAxis {
  readonly kind: 'whole';
  readonly span: Span;
}

export interface IfExpression {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly consequent: Expression;
  readonly alternative: Expression;
  readonly span: Span;
}

/** `[1, 2, 3]` */
export interface ArrayExpression {
  readonly kind: 'array';
  readonly items: readonly Expression[];
  readonly span: Span;
}

/** `[f(i) for i in 1..N]` */
export interface ComprehensionExpression {
  readonly kind: 'comprehension';
  readonly item: Expression;
  readonly variable: Identifier;
  readonly range: RangeExpression;
  readonly span: Span;
}
