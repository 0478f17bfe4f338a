/** Warnings: what is declared and never used. Goes by the text alone, so that loops and branches not taken count. */
import { assertNever } from '@sbn/program';
import type { Declaration, Expression, Identifier, Statement } from '@sbn/dsl';
import type { LoadedModule } from '../load-modules.js';
import { report, type Context } from './context.js';
import { walkExpression, walkStatements, walkType, type Visitor } from './walk.js';

/**
 * Requires a module without errors: a misspelt use would make its declaration look unused. What an imported file declares
 * may be for others.
 */
export function warnUnused(ctx: Context, main: LoadedModule): void {
  const { declarations } = main.module;
  const uses = new Set(declarations.flatMap((declaration) => [...usesOf(declaration)]));
  warnUnusedImports(ctx, uses, main);
  for (const declaration of declarations) {
    switch (declaration.kind) {
      case 'const':
      case 'data':
      case 'param':
        warnUnusedName(ctx, uses, declaration.name, declaration.kind);
        break;
      case 'fn':
        warnUnusedLets(ctx, declaration.body);
        if (!uses.has(declaration.name.name)) {
          report(ctx, 'SBN5002', { name: declaration.name.name }, { span: declaration.name.span });
        }
        break;
      case 'block':
        warnUnusedLets(ctx, declaration.body);
        break;
      case 'import':
      case 'objective':
      case 'estimator':
      case 'train':
        break;
      default:
        assertNever(declaration);
    }
  }
}

function warnUnusedName(ctx: Context, uses: ReadonlySet<string>, { name, span }: Identifier, kind: string): void {
  if (!uses.has(name)) report(ctx, 'SBN5001', { kind, name }, { span });
}

function warnUnusedImports(ctx: Context, uses: ReadonlySet<string>, { imports }: LoadedModule): void {
  for (const { declaration, loaded } of imports) {
    if (!offers(loaded, uses)) report(ctx, 'SBN5005', { path: declaration.path }, { span: declaration.pathSpan });
  }
}

/** Whether a file, or one that it imports, declares a constant or a function of one of these names. */
function offers({ module, imports }: LoadedModule, names: ReadonlySet<string>): boolean {
  const isOffered = (declaration: Declaration): boolean =>
    (declaration.kind === 'const' || declaration.kind === 'fn') && names.has(declaration.name.name);
  return module.declarations.some(isOffered) || imports.some(({ loaded }) => offers(loaded, names));
}

function warnUnusedLets(ctx: Context, statements: readonly Statement[]): void {
  const uses = new Set<string>();
  walkStatements(statements, collectInto(uses));
  const visit = (statement: Statement): void => {
    if (statement.kind === 'let' || statement.kind === 'param')
      warnUnusedName(ctx, uses, statement.name, statement.kind);
    if (statement.kind === 'for' || statement.kind === 'plate') statement.body.forEach(visit);
  };
  statements.forEach(visit);
}

function collectInto(uses: Set<string>): Visitor {
  return (expression: Expression) => {
    if (expression.kind === 'name') uses.add(expression.name);
    if (expression.kind === 'call') uses.add(expression.callee.name);
  };
}

/** The names of the module that a declaration uses; what a function calls its parameters is its own. */
function usesOf(declaration: Declaration): ReadonlySet<string> {
  const uses = new Set<string>();
  const visit = collectInto(uses);
  switch (declaration.kind) {
    case 'import':
      break;
    case 'const':
    case 'objective':
      walkExpression(declaration.value, visit);
      break;
    case 'estimator':
      walkExpression(declaration.estimator, visit);
      break;
    case 'data':
      walkType(declaration.type, visit);
      break;
    case 'param':
      walkType(declaration.type, visit);
      if (declaration.initializer !== undefined) walkExpression(declaration.initializer, visit);
      break;
    case 'fn':
      for (const { type, defaultValue } of declaration.parameters) {
        walkType(type, visit);
        if (defaultValue !== undefined) walkExpression(defaultValue, visit);
      }
      walkType(declaration.result, visit);
      walkStatements(declaration.body, visit);
      for (const { name } of declaration.parameters) uses.delete(name.name);
      uses.delete(declaration.name.name);
      break;
    case 'block':
      walkStatements(declaration.body, visit);
      collectObserved(declaration.body, uses);
      break;
    case 'train':
      for (const { value } of declaration.entries) walkExpression(value, visit);
      break;
    default:
      assertNever(declaration);
  }
  return uses;
}

/** Data on the left of a `~` are used. */
function collectObserved(statements: readonly Statement[], uses: Set<string>): void {
  for (const statement of statements) {
    if (statement.kind === 'sample') uses.add(statement.name.name);
    if (statement.kind === 'for' || statement.kind === 'plate') collectObserved(statement.body, uses);
  }
}
