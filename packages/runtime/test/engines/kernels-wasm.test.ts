import { describeKernels } from './kernels.js';

describeKernels('wasm');
