/** Visits the parts of a syntax tree, for what goes by the text alone. */
import { assertNever } from '@sbn/program';
import type { Expression, RangeExpression, Statement, TypeExpression } from '@sbn/dsl';

/** Called for every expression, before its parts. */
export type Visitor = (expression: Expression) => void;

export function walkExpression(expression: Expression, visit: Visitor): void {
  visit(expression);
  for (const part of partsOf(expression)) walkExpression(part, visit);
}

/** All expressions in statements, those of loops and plates included. */
export function walkStatements(statements: readonly Statement[], visit: Visitor): void {
  for (const statement of statements) {
    for (const expression of expressionsOf(statement)) walkExpression(expression, visit);
    if (statement.kind === 'for' || statement.kind === 'plate') walkStatements(statement.body, visit);
  }
}

export function walkType({ dimensions }: TypeExpression, visit: Visitor): void {
  for (const dimension of dimensions) walkExpression(dimension, visit);
}

function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'sample':
      return [
        ...statement.indices,
        ...(statement.type?.dimensions ?? []),
        statement.distribution,
        ...(statement.via === undefined ? [] : [statement.via]),
      ];
    case 'param':
      return [...statement.type.dimensions, ...(statement.initializer === undefined ? [] : [statement.initializer])];
    case 'let':
    case 'return':
      return [statement.value];
    case 'for':
      return boundsOf(statement.range);
    case 'plate':
      return [statement.size];
    default:
      return assertNever(statement);
  }
}

function boundsOf({ from, to, step }: RangeExpression): readonly Expression[] {
  return step === undefined ? [from, to] : [from, to, step];
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'name':
      return [];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return [...expression.positional, ...expression.named.map(({ value }) => value)];
    case 'index':
      return [expression.target, ...expression.indices.flatMap(indexParts)];
    case 'if':
      return [expression.condition, expression.consequent, expression.alternative];
    case 'array':
      return expression.items;
    case 'comprehension':
      return [expression.item, ...boundsOf(expression.range)];
    default:
      return assertNever(expression);
  }
}

function indexParts(index: Extract<Expression, { readonly kind: 'index' }>['indices'][number]): readonly Expression[] {
  if (index.kind === 'whole') return [];
  return index.kind === 'range' ? boundsOf(index) : [index];
}
