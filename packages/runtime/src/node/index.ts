export * from './open-source.js';
export * from './read-files.js';
export * from './checkpoint-file.js';
export * from './checkpoint-series.js';
