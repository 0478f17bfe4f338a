/** The float64 interpreter of @sbn/program as an engine: exact and slow. */
import type { Engine } from '../engine.js';

export declare function createReferenceEngine(): Engine;
