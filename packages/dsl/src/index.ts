export * from './span.js';
export * from './ast.js';
export * from './diagnostic.js';
export * from './define-catalogue.js';
export * from './did-you-mean.js';
export * from './positions.js';
