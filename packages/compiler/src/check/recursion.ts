/** Functions that call themselves, directly or through others: inlining would not end. */
import type { CallExpression, Expression, FunctionDeclaration } from '@sbn/dsl';
import { report, type Context } from './context.js';
import { walkExpression, walkStatements } from './walk.js';

/** Reports the calls that lead back to the function that they stand in, one for each ring of functions. */
export function checkRecursion(ctx: Context, functions: readonly FunctionDeclaration[]): void {
  const byName = new Map(functions.map((declaration) => [declaration.name.name, declaration]));
  const reported = new Set<string>();
  for (const declaration of functions) {
    const { name } = declaration.name;
    for (const call of callsIn(declaration)) {
      const path = pathTo(byName, call.callee.name, name);
      if (path?.some((other) => reported.has(other)) !== false) continue;
      for (const other of path) reported.add(other);
      const related = [{ span: declaration.name.span, text: `\`${name}\` is declared here` }];
      report(ctx, 'SBN2067', { path: [name, ...path].join(' → ') }, { span: call.span, related });
    }
  }
}

function callsIn({ parameters, body }: FunctionDeclaration): readonly CallExpression[] {
  const calls: CallExpression[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'call') calls.push(expression);
  };
  for (const { defaultValue } of parameters) if (defaultValue !== undefined) walkExpression(defaultValue, visit);
  walkStatements(body, visit);
  return calls;
}

/** The shortest chain of calls from one function to another, both included. */
function pathTo(
  byName: ReadonlyMap<string, FunctionDeclaration>,
  from: string,
  to: string,
): readonly string[] | undefined {
  let paths: readonly (readonly string[])[] = [[from]];
  const seen = new Set([from]);
  while (paths.length > 0) {
    const next: (readonly string[])[] = [];
    for (const path of paths) {
      const last = path.at(-1);
      if (last === to) return path;
      const declaration = last === undefined ? undefined : byName.get(last);
      for (const { callee } of declaration === undefined ? [] : callsIn(declaration)) {
        if (seen.has(callee.name)) continue;
        seen.add(callee.name);
        next.push([...path, callee.name]);
      }
    }
    paths = next;
  }
  return undefined;
}
