export * from './shape.js';
export * from './program.js';
export * from './errors.js';
export * from './builder.js';
export * from './artifact.js';
