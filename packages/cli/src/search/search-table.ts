/** How the runs of a search compare, and which is the best. */
import { lossOf } from '../training-loop.js';
import { formatCount, formatNumber } from '../numbers.js';
import type { ObjectiveName } from '../objective-name.js';
import { shellWord } from '../shell-word.js';
import type { Style } from '../style.js';
import { renderTable } from '../table.js';
import type { RunOutcome } from './run-thread.js';
import type { SearchedRate } from './search-folder.js';

export interface SearchedRun extends SearchedRate {
  /** Undefined where Ctrl-C came before it was begun. */
  readonly outcome: RunOutcome | undefined;
}

/** What a run is judged by: the least loss on the validation data, or the loss at the end where there are none. Infinite where it failed. */
export function scoreOf({ outcome }: SearchedRun): number {
  if (outcome?.kind !== 'done') return Infinity;
  const { best, evaluation } = outcome.result;
  const score = best ?? lossOf(evaluation);
  return Number.isFinite(score) ? score : Infinity;
}

/** Undefined where none has ended. The first of equals. */
export function bestOf(runs: readonly SearchedRun[]): SearchedRun | undefined {
  const best = runs.reduce<SearchedRun | undefined>(
    (found, run) => (scoreOf(run) < (found === undefined ? Infinity : scoreOf(found)) ? run : found),
    undefined,
  );
  return best;
}

/** `isValidated`: whether there are validation data. */
export function renderSearch(
  runs: readonly SearchedRun[],
  { name, unit }: ObjectiveName,
  isValidated: boolean,
  style: Style,
): string {
  const best = bestOf(runs);
  const what = [name, ...(unit === '' ? [] : [`(${unit})`])].join(' ');
  const header = ['lr', 'steps', ...(isValidated ? [`best validation ${what}`] : []), `${what} at the end`, 'run'];
  const rows = runs.map((run) => describeRun(run, isValidated));
  const shown = rows.map((row, index) => (runs[index] === best ? row.map((cell) => style.bold(cell)) : row));
  const notice = isValidated
    ? ''
    : 'there are no validation data, so they are compared by what they were trained on; --valid-share 0.1 keeps some rows out\n';
  const ending =
    best === undefined
      ? 'none of them has ended\n'
      : `${style.bold('best')}: lr ${String(best.rate)}, in ${best.folder}; \`sbn eval ${shellWord(best.folder)}${isValidated ? ' --best' : ''}\` measures it\n`;
  return `${renderTable([header.map((cell) => style.dim(cell)), ...shown])}${notice}${ending}`;
}

function describeRun({ rate, folder, outcome }: SearchedRun, isValidated: boolean): readonly string[] {
  const row = (steps: string, best: string, end: string): readonly string[] => {
    return [String(rate), steps, ...(isValidated ? [best] : []), end, folder];
  };
  if (outcome === undefined) return row('', '', 'not begun');
  if (outcome.kind === 'failed') return row('', '', outcome.reason === 'error' ? 'failed' : outcome.reason);
  const { step, best, evaluation } = outcome.result;
  return row(formatCount(step), best === undefined ? '' : formatNumber(best), formatNumber(lossOf(evaluation)));
}
