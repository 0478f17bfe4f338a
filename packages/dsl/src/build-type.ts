/** Types: `binary[784]`, `onehot[10]`, `real[..s, n]`. */
import type { TypeExpression } from './ast.js';
import { identifierOf, type BuildContext } from './build-context.js';
import { buildDimensions } from './build-range.js';
import { endOf, extentOf, first } from './cst-access.js';
import type { AnnotationCst, TypeCst } from './cst.js';
import { reportExpected } from './expectations.js';

export function buildType(cst: TypeCst, context: BuildContext): TypeExpression | undefined {
  const element = identifierOf(cst.children.Identifier);
  const indexing = first(cst.children.indexing);
  const sizes = indexing === undefined ? { lead: undefined, dimensions: [] } : buildDimensions(indexing, context);
  return element === undefined || sizes === undefined
    ? undefined
    : { kind: 'type', element, ...sizes, span: extentOf(cst) };
}

/** `: binary[784]`; reports a colon that no type follows. */
export function buildAnnotation(cst: AnnotationCst, context: BuildContext): TypeExpression | undefined {
  const type = first(cst.children.type);
  if (type === undefined) reportExpected('type', endOf(first(cst.children.Colon)), context);
  return type === undefined ? undefined : buildType(type, context);
}
