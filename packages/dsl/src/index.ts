/** Source text → syntax tree, and diagnostics as text for people. */
export * from './ast.js';
export { syntaxCatalogue } from './catalogue.js';
export * from './define-catalogue.js';
export * from './diagnostic.js';
export * from './diagnostic-record.js';
export { suggest } from './did-you-mean.js';
export { displayText, displayWidth } from './display-width.js';
export { format } from './format/format.js';
export { limitDiagnostics, MOST_DIAGNOSTICS } from './limit-diagnostics.js';
export { parse } from './parse.js';
export * from './positions.js';
export { renderDiagnostic, renderDiagnostics, summarize, type RenderOptions } from './render.js';
export * from './sources.js';
export * from './span.js';
