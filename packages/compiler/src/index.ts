/** The compiler: `compile` for its result, `compileStages` for everything on the way; the rest is for estimators of your own. */
export { compile, compileStages, type CompiledStages, type CompileOptions, type CompileOutcome } from './compile.js';
export { resolveImport, type LoadedModule, type ReadImport } from './load-modules.js';
export { CHECK_CATALOGUE, checkModel } from './check/index.js';
export { describeCode, listCodes, type CodeDescription } from './describe-code.js';
export { printModel } from './check/print-model.js';
export { printGraph } from './print-graph.js';
export { describeGraph } from './picture/describe-graph.js';
export type * from './picture/model-picture.js';
export { gradientDiagnostics } from './gradient-catalogue.js';
export type * from './typed-model.js';
export type * from './stochastic-graph.js';
export type { GradientPlan } from './gradient-plan.js';
export { optimizeProgram, PASSES } from './optimize/index.js';

export { DEFAULT_ESTIMATOR, ESTIMATORS, type EstimatorTable } from './estimators/index.js';
export { NO_EXPANSION } from './estimators/estimator.js';
export type * from './estimators/estimator.js';
export type * from './draws.js';
export { readOptions, type OptionSpec } from './estimators/options.js';
export { emitBaselines } from './estimators/baselines.js';
export { planFor } from './estimators/unserved.js';
export { emitRunningAverage } from './estimators/running-average.js';
export { emitBranches, emitScores, sumOfCosts, weightScore } from './estimators/score.js';
export { emitHessianProduct, emitQuadraticResidual } from './estimators/second-order.js';
export { emitLogits, emitPairFactor, emitPartnerProbability } from './estimators/disarm.js';
export { differentiate, type Seed } from './differentiate.js';
export { regroup, sumElements, repeatElements } from './elements.js';
export { emitPass, type LatentRule, type Pass } from './pass.js';
