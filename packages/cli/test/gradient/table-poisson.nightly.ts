import { describeTable } from './table-at-length.js';

describeTable('poisson');
