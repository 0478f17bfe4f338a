/** Whether the native engine can be had, for tests that need it: ONNX Runtime is an optional dependency. */
import { createNativeEngine } from '../src/node/index.js';

export const isNativeInstalled: boolean = await createNativeEngine().then(
  () => true,
  () => false,
);

/** For the title of a group of tests that are skipped without it. */
export const orSkipped = isNativeInstalled ? '' : ' (skipped: onnxruntime-node is not installed)';
