/** Warnings about what is observed: data that condition their own likelihood, and observations without effect. */
import type { TypedExpression, TypedObjective, TypedSite, TypedStatement } from '../typed-model.js';
import { report, type Context } from './context.js';

/** Requires a model without errors. */
export function warnConditions(ctx: Context, model: readonly TypedStatement[], objective: TypedObjective): void {
  const observed = model.filter(
    (statement): statement is TypedSite => statement.kind === 'site' && statement.role === 'observed',
  );
  for (const site of observed) {
    const use = model.map((statement) => findData(statement, site.id)).find((found) => found !== undefined);
    if (use !== undefined) {
      const related = [{ span: site.span, text: `\`${site.id}\` is observed here` }];
      report(ctx, 'SBN5003', { name: site.id }, { span: use.span, related });
    }
    if (objective.kind === 'cost') {
      const related = [{ span: objective.span, text: 'the objective is a cost' }];
      report(ctx, 'SBN5004', { name: site.id }, { span: site.span, related });
    }
  }
}

/** A use of the data before they are observed; after that, they count as the site's value. */
function findData(statement: TypedStatement, name: string): TypedExpression | undefined {
  const expressions = statement.kind === 'binding' ? [statement.value] : Object.values(statement.parameters);
  return firstUse(expressions, name);
}

function firstUse(expressions: readonly TypedExpression[], name: string): TypedExpression | undefined {
  for (const expression of expressions) {
    if (expression.kind === 'data' && expression.name === name) return expression;
    const inner = expression.kind === 'apply' ? firstUse(expression.args, name) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
