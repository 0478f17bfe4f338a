export * from './shape.js';
export * from './program.js';
export * from './errors.js';
export * from './builder.js';
export * from './artifact.js';
export type { OpDefinition, Operands, ReferenceTensor, Smoothness } from './ops/definition.js';
export { ARITY, OPS, deriveInstruction, evaluateInstruction, inferShape, isOpKind, smoothnessOf } from './ops/index.js';
