import { createTfjsEngine } from '../../src/engines/tfjs/engine.js';
import { describeKernels } from './kernels.js';

describeKernels('wasm', () => createTfjsEngine({ backend: 'wasm' }), /^wasm \(as asked\)$/);
