export * from './shape.js';
export * from './program.js';
export * from './errors.js';
export * from './emitter.js';
export * from './builder.js';
export * from './artifact.js';
export type { OpDefinition, Operands, ReferenceTensor, Smoothness } from './ops/definition.js';
export {
  ARITY,
  OPS,
  deriveInstruction,
  evaluateInstruction,
  inferShape,
  isBinary,
  isElementwise,
  isOpKind,
  isUnary,
  smoothnessOf,
} from './ops/index.js';
export { countQuantile } from './ops/count-quantile.js';
export { drawMultinomials } from './ops/draws.js';
export { betaQuantile, negativeBinomialQuantile } from './special/beta-quantile.js';
export { gammaQuantile } from './special/gamma-quantile.js';
export { logGamma, stirlingRemainder } from './special/stirling.js';
export { broadcastOffsets, elementCount } from './ops/strides.js';
export { findProblem, verifyProgram, type Problem } from './verify.js';
export { printInstruction, printProgram, printProgramLines } from './print.js';
export { readProgram, readProgramLines } from './read.js';
export { isInputRole, isOutputRole } from './roles.js';
export { findLastUses, peakElements } from './liveness.js';
export { interpretProgram } from './interpret.js';
export { composePrograms } from './compose.js';
export { findNeeded, removeDeadCode } from './remove-dead-code.js';
export { countByPass, countOperations, type OperationCount, type PassCount } from './count-operations.js';
export { readArtifact } from './artifact-read.js';
export { writeArtifact } from './artifact-write.js';
