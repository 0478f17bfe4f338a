import { describeTable } from './table-at-length.js';

describeTable('categorical');
