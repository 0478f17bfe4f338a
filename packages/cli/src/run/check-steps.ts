/** Whether there are steps left to make. */
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { formatAmount } from '../numbers.js';
import type { RunFlags } from './run-flags.js';

/** Says so where there is nothing to train. @throws UsageError for fewer steps than were made */
export function checkSteps(steps: number, made: number, flags: RunFlags, host: Host): void {
  if (steps < made && (flags.steps !== undefined || flags.epochs !== undefined)) {
    const asked = flags.steps === undefined ? `--epochs ${String(flags.epochs)}` : `--steps ${flags.steps}`;
    const are = flags.steps === undefined ? ` (these are ${formatAmount(steps, 'step')})` : '';
    throw new UsageError(
      `${asked}: the run has made ${formatAmount(made, 'step')} already${are}`,
      'give all of them, those already done included',
    );
  }
  if (steps <= made && flags.quiet !== true && flags.json !== true)
    host.stderr.write(`all ${formatAmount(made, 'step')} are made; with more --steps it is trained further\n`);
}
