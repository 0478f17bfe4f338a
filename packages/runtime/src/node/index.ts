export * from './open-source.js';
export * from './checkpoint-file.js';
