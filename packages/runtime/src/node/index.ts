export * from './open-source.js';
export { readFiles } from './read-files.js';
export { openBlockFile } from './open-files.js';
export * from './checkpoint-file.js';
export * from './checkpoint-series.js';
export { createNodeEngine, type NodeEngineOptions } from './create-node-engine.js';
export { createNativeEngine, type NativeOptions } from './native/open-native-engine.js';
export * from './event-file.js';
