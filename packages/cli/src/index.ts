export { main as sbn } from './sbn.js';
export { main as sbnc } from './sbnc.js';
export type { Host, Output } from './host.js';
