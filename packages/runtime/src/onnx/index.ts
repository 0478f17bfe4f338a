export * from './write-onnx.js';
export { isInOnnx } from './rules/index.js';
