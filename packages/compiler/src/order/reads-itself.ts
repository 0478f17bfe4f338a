import type { TypedExpression, TypedStatement } from '../typed-model.js';

/** Whether a site of a block is read before its statement is through: in its own distribution, or in a `let` that this needs. */
export function readsItself(statements: readonly TypedStatement[]): boolean {
  const drawn = new Set<string>();
  // Expressions share parts: each is looked into once, when it is first met.
  const seen = new Set<TypedExpression>();
  const readsAhead = (expression: TypedExpression): boolean => {
    if (expression.kind === 'site') return !drawn.has(expression.id);
    if (expression.kind !== 'apply' || seen.has(expression)) return false;
    seen.add(expression);
    return expression.args.some(readsAhead);
  };
  return statements.some((statement) => {
    const found =
      statement.kind === 'binding' ? readsAhead(statement.value) : Object.values(statement.parameters).some(readsAhead);
    if (statement.kind === 'site') drawn.add(statement.id);
    return found;
  });
}
