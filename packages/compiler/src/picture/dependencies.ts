/** What the expressions of a block depend on, by way of what is computed between: deterministic values are not drawn. */
import { assertNever } from '@sbn/program';
import type { TypedExpression, TypedSite, TypedStatement } from '../typed-model.js';

/** A source of a value. */
export interface Source {
  readonly kind: 'site' | 'data' | 'parameter';
  readonly name: string;
}

/** `kind name` → source, so that each counts once. */
type Sources = ReadonlyMap<string, Source>;

export interface BlockDependencies {
  /** Of the parameters of each site, in the order of the block. */
  readonly sites: readonly (readonly [TypedSite, readonly Source[]])[];
  /** Of any other expression that the block's names are known in. */
  readonly of: (expression: TypedExpression) => readonly Source[];
}

export function collectDependencies(statements: readonly TypedStatement[]): BlockDependencies {
  const bindings = new Map<string, Sources>();
  const sites: (readonly [TypedSite, readonly Source[]])[] = [];
  for (const statement of statements) {
    const expressions = statement.kind === 'binding' ? [statement.value] : Object.values(statement.parameters);
    const sources = sourcesOf(expressions, bindings);
    if (statement.kind === 'binding') bindings.set(statement.id, sources);
    else sites.push([statement, [...sources.values()]]);
  }
  return { sites, of: (expression) => [...sourcesOf([expression], bindings).values()] };
}

function sourcesOf(expressions: readonly TypedExpression[], bindings: ReadonlyMap<string, Sources>): Sources {
  const sources = new Map<string, Source>();
  const add = (source: Source): void => {
    sources.set(`${source.kind} ${source.name}`, source);
  };
  // Expressions may share parts, so each is looked at once.
  const seen = new Set<TypedExpression>();
  const visit = (expression: TypedExpression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    switch (expression.kind) {
      case 'number':
      case 'array':
        break;
      case 'data':
      case 'parameter':
        add({ kind: expression.kind, name: expression.name });
        break;
      case 'site':
        add({ kind: 'site', name: expression.id });
        break;
      case 'binding':
        for (const source of bindings.get(expression.id)?.values() ?? []) add(source);
        break;
      case 'apply':
        expression.args.forEach(visit);
        break;
      default:
        assertNever(expression);
    }
  };
  expressions.forEach(visit);
  return sources;
}
