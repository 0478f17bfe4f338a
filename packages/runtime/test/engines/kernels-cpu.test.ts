import { createTfjsEngine } from '../../src/engines/tfjs/engine.js';
import { describeKernels } from './kernels.js';

describeKernels('cpu', () => createTfjsEngine({ backend: 'cpu' }), /^cpu \(as asked\)$/);
