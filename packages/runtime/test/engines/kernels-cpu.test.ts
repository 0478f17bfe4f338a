import { describeKernels } from './kernels.js';

describeKernels('cpu');
