/** What computes when a run goes on. */
import type { EngineFlags } from '../engine.js';

/** The run's own, for the same numbers to the last bit, unless another is asked for. */
export function chooseEngine(flags: EngineFlags, own: EngineFlags): EngineFlags {
  const isOther = flags.engine !== undefined || flags.backend !== undefined;
  return isOther ? flags : { ...own, ...(flags.threads === undefined ? {} : { threads: flags.threads }) };
}
