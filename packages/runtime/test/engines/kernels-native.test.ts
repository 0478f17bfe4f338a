import { describe } from 'vitest';
import { createNativeEngine } from '../../src/node/native/open-native-engine.js';
import { isNativeInstalled, orSkipped } from '../native.js';
import { describeKernels } from './kernels.js';

describe.skipIf(!isNativeInstalled)(`ONNX Runtime${orSkipped}`, () => {
  describeKernels('native', () => createNativeEngine(), /^onnxruntime \d+\.\d+\.\d+, 1 thread$/);
});
