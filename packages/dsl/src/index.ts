export * from './span.js';
export * from './ast.js';
export * from './diagnostic.js';
