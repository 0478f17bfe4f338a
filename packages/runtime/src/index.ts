export * from './errors.js';
export * from './engine.js';
export * from './dataset.js';
export * from './model.js';
export { summarizeEvaluations } from './evaluation.js';
export * from './training.js';
export { initializeParameters } from './initialize.js';
export { resolveTrainSettings } from './settings.js';
export * from './checkpoint.js';
export { modelParameters } from './match-checkpoint.js';
export { transferCheckpoint, type Transfer, type TransferOptions } from './transfer.js';
export { createOptimizer, OPTIMIZER_NAMES } from './optimizers/create.js';
export type { OptimizedParameter, Optimizer, OptimizerChoice } from './optimizers/optimizer.js';
export type { DataFingerprint, FilesFingerprint } from './data/fingerprint.js';
export { datasetFromArrays, datasetFromColumns, oneHot } from './data/arrays.js';
export { GENERATORS, type Generator } from './data/generators/generator.js';
export { decodeIdx, type IdxArray, type IdxValues } from './data/idx.js';
export { columnFromBytes, columnFromFile, generateColumn, generateFile } from './data/source.js';
export { formatSource, isGenerator, parseSource, sourceOptions } from './data/source-spec.js';
export type { RawTable, RawValues } from './data/raw-table.js';
export { widthOf, type RawField, type RawFile } from './data/formats/raw-file.js';
export { decodeFile, openBlocks } from './data/formats/index.js';
export { asBlocks, type Block, type BlockFile, type ReadBlockOptions } from './data/stream/block-file.js';
export type { ByteSource } from './data/stream/byte-source.js';
export { streamColumn } from './data/stream/stream-column.js';
export * from './engines/tfjs/engine.js';
export * from './engines/reference.js';
export * from './profile/profile-gradients.js';
export type { ProfileCandidate } from './profile/estimator-at-work.js';
export type { CentredVariance, Centring } from './profile/summarize-rows.js';
export {
  countConfigurations,
  countSupport,
  describeConfigurations,
  drawVariables,
  enumerateConfigurations,
  latentVariables,
  sitesGivenTo,
  MOST_CONFIGURATIONS,
  type Configurations,
  type Variable,
} from './verification/configurations.js';
export * from './verification/measure-variance.js';
export { toNestedArray, type NestedArray } from './verification/nested-arrays.js';
export { drawPoint, type DrawOptions, type VerificationPoint } from './verification/point.js';
export { readData, readParameters, readState } from './verification/read-point.js';
export * from './verification/shrink-constants.js';
export * from './verification/truncate-counts.js';
export * from './verification/verify-gradient.js';
