/** Concrete syntax tree → syntax tree. What could not be read is left out, and a diagnostic stands in its place. */
import type { Declaration, Module } from './ast.js';
import type { BuildContext } from './build-context.js';
import { buildDeclaration } from './build-declaration.js';
import { extentOf, inOrder } from './cst-access.js';
import type { ModuleCst } from './cst.js';
import type { Docs } from './docs.js';
import type { Findings } from './findings.js';
import type { Span } from './span.js';
import { reportOutside, reportStray } from './stray.js';

/** Requires that the parser's own errors are among the findings, as they explain what is missing. */
export function buildModule({ children }: ModuleCst, length: number, findings: Findings, docs: Docs): Module {
  const declarations: Declaration[] = [];
  const context: BuildContext = { findings, docs, hoist: (declaration) => declarations.push(declaration) };
  let previous: Span | undefined;
  for (const part of inOrder(children.declaration, children.statement, children.strayInModule)) {
    if (findings.isFull()) break;
    const span = extentOf(part);
    if (part.name === 'declaration') {
      const declaration = buildDeclaration(part, context);
      if (declaration === undefined) findings.lose(span);
      else declarations.push(declaration);
    } else if (part.name === 'statement') reportOutside(part, context);
    else reportStray(span, previous, 'module', context);
    previous = span;
  }
  return {
    kind: 'module',
    declarations: declarations.sort((a, b) => a.span.start - b.span.start),
    doc: docs.ofModule,
    unread: findings.lostNames(),
    span: { start: 0, end: length },
  };
}
