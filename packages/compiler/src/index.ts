/** The compiler: `compile` for its result, `compileStages` for everything on the way; the rest is for estimators of your own. */
export { compile, compileStages, type CompiledStages, type CompileOptions } from './compile.js';
export { CHECK_CATALOGUE, checkModel } from './check/index.js';
export { printModel } from './check/print-model.js';
export { printGraph } from './print-graph.js';
export { gradientDiagnostics } from './gradient-catalogue.js';
export type * from './typed-model.js';
export type * from './stochastic-graph.js';
export type { GradientPlan } from './gradient-plan.js';
export { optimizeProgram, PASSES } from './optimize/index.js';

export { DEFAULT_ESTIMATOR, ESTIMATORS, type EstimatorTable } from './estimators/index.js';
export type * from './estimators/estimator.js';
export { readOptions } from './estimators/options.js';
export { emitBaselines } from './estimators/baselines.js';
export { emitRunningAverage } from './estimators/running-average.js';
export { sumOfCosts, weightScore } from './estimators/score.js';
export { differentiate, type Seed } from './differentiate.js';
export { emitPass, type LatentRule, type Pass } from './pass.js';
