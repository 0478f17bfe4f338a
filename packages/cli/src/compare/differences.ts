/** In what settings runs differ. */
import type { ComparedRun } from './read-run.js';

export interface Difference {
  readonly setting: string;
  /** One for each run; undefined where it has no such setting. */
  readonly values: readonly (string | undefined)[];
}

/** What says the same in other words, and what no result depends on. */
const LEFT_OUT =
  /^(estimator|keep|backend|directory|samples|tensorboard|set\..*|fingerprints\..*\.(rows|width|values|bytes|modified))$/;

export function findDifferences(runs: readonly Pick<ComparedRun, 'settings'>[]): readonly Difference[] {
  const settings = new Set(runs.flatMap((run) => [...run.settings.keys()]));
  return [...settings]
    .filter((setting) => !LEFT_OUT.test(setting))
    .map((setting) => ({ setting, values: runs.map((run) => run.settings.get(setting)) }))
    .filter(({ values }) => new Set(values).size > 1);
}
