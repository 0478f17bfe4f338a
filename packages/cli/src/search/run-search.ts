/** Trains the runs of a search, as many at a time as there are cores, and compares them. */
import { availableParallelism } from 'node:os';
import type { Artifact } from '@sbn/program';
import { EXIT, Exit, SIGNAL_EXITS } from '../exit.js';
import type { Host } from '../host.js';
import { nameObjective } from '../objective-name.js';
import type { RunFlags } from '../run/run-flags.js';
import { shellWord } from '../shell-word.js';
import type { InterruptSignal } from '../signals.js';
import { styleFor } from '../style.js';
import { startThread, type RunOutcome, type RunThread } from './run-thread.js';
import { SearchBoard } from './search-board.js';
import type { SearchedRate } from './search-folder.js';
import { bestOf, renderSearch, scoreOf, type SearchedRun } from './search-table.js';

export interface Search {
  /** The folder of the search, as the user would write it. */
  readonly path: string;
  readonly artifact: Artifact;
  readonly isValidated: boolean;
  readonly rates: readonly SearchedRate[];
  /** What each run is taken up with. */
  readonly flags: RunFlags;
  /** Runs at a time; by default one for each core, or fewer where each has several threads. */
  readonly jobs: number | undefined;
}

/** @throws Exit with 130 after Ctrl-C, as another signal counts; with 1 where a run failed otherwise than by its rate, or none has ended */
export async function runSearch(search: Search, host: Host): Promise<void> {
  const { path, rates, flags, artifact, isValidated } = search;
  const isJson = flags.json === true;
  const board = new SearchBoard(
    rates.map(({ rate }) => rate),
    { isQuiet: flags.quiet === true, isJson },
    host,
  );
  const { runs, signal } = await trainAll(search, board, host);
  if (isJson) host.stdout.write(`${JSON.stringify(describeSearch(runs))}\n`);
  else host.stdout.write(renderSearch(runs, nameObjective(artifact.objective), isValidated, styleFor(host.stdout)));
  if (signal !== undefined) {
    host.stderr.write(`interrupted; \`sbn resume ${shellWord(path)}\` goes on\n`);
    throw new Exit(SIGNAL_EXITS[signal]);
  }
  const failed = runs.find(({ outcome }) => outcome?.kind === 'failed' && outcome.reason === 'error');
  if (failed !== undefined || bestOf(runs) === undefined) throw new Exit(EXIT.user);
}

async function trainAll(
  { rates, flags, jobs }: Search,
  board: SearchBoard,
  host: Host,
): Promise<{ readonly runs: readonly SearchedRun[]; readonly signal: InterruptSignal | undefined }> {
  const outcomes = new Map<number, RunOutcome>();
  const waiting = [...rates];
  const active = new Set<RunThread>();
  let signal: InterruptSignal | undefined;
  const restore = host.onInterrupt((heard) => {
    signal ??= heard;
    for (const thread of active) thread.interrupt();
  });
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && signal === undefined; next = waiting.shift()) {
      const { rate, folder } = next;
      const request = { folder, directory: host.directory, flags: { ...flags, json: true }, interval: board.interval };
      const thread = startThread(request, (message) => {
        if (message.kind === 'event') board.see(rate, message.event);
        else board.say(rate, message.text);
      });
      active.add(thread);
      const outcome = await thread.outcome;
      active.delete(thread);
      outcomes.set(rate, outcome);
      if (outcome.kind === 'failed' && outcome.reason !== 'interrupted') board.end(rate, describeFailure(outcome));
    }
  };
  try {
    const cores = Math.max(1, Math.floor(availableParallelism() / (flags.threads ?? 1)));
    await Promise.all(Array.from({ length: Math.min(jobs ?? cores, rates.length) }, work));
  } finally {
    restore();
  }
  return { runs: rates.map((each) => ({ ...each, outcome: outcomes.get(each.rate) })), signal };
}

function describeFailure({ reason, problem }: Extract<RunOutcome, { kind: 'failed' }>): string {
  return `${reason === 'diverged' ? 'diverged' : 'failed'}: ${problem}`;
}

/** The last line of `--json`. */
function describeSearch(runs: readonly SearchedRun[]): unknown {
  const best = bestOf(runs);
  return {
    kind: 'search',
    runs: runs.map((run) => ({
      lr: run.rate,
      run: run.folder,
      outcome: run.outcome === undefined ? 'waiting' : run.outcome.kind === 'done' ? 'done' : run.outcome.reason,
      ...(Number.isFinite(scoreOf(run)) ? { loss: scoreOf(run) } : {}),
    })),
    ...(best === undefined ? {} : { best: best.rate }),
  };
}
