/** What a training shows while it runs: one line drawn over and over in a terminal, a plain line now and then elsewhere. */
import type { Host, Output } from './host.js';
import { formatCount, formatDuration } from './numbers.js';
import { formatLoss, type ObjectiveName } from './objective-name.js';
import { styleFor, type Style } from './style.js';

/** Milliseconds between two drawings of the line, and between two plain lines. */
const REDRAW = 100;
const PLAIN = 10_000;

const BAR_WIDTH = 20;

/** What is fixed for a run. */
export interface ProgressPlan {
  /** Steps in all, and done before this run. */
  readonly steps: number;
  readonly startStep: number;
  /** Undefined where there are no data. */
  readonly stepsPerEpoch: number | undefined;
  readonly batch: number;
  readonly objective: ObjectiveName;
}

export interface ProgressState {
  readonly step: number;
  readonly epoch: number;
  /** Smoothed. */
  readonly loss: number;
  /** Seconds since this run began. */
  readonly seconds: number;
}

/** The line without its bar: `epoch 3/10  step 1,234/6,000  negative bound 4.12 nats  12,300 rows/s  0:12 left`. */
export function describeProgress(plan: ProgressPlan, state: ProgressState): string {
  const done = state.step - plan.startStep;
  const perSecond = state.seconds > 0 ? done / state.seconds : 0;
  const parts: string[] = [];
  if (plan.stepsPerEpoch !== undefined) {
    parts.push(`epoch ${formatCount(state.epoch)}/${formatCount(Math.ceil(plan.steps / plan.stepsPerEpoch))}`);
  }
  parts.push(`step ${formatCount(state.step)}/${formatCount(plan.steps)}`);
  parts.push(formatLoss(plan.objective, state.loss));
  if (perSecond > 0) {
    parts.push(`${formatCount(perSecond * plan.batch)} rows/s`);
    parts.push(`${formatDuration((plan.steps - state.step) / perSecond)} left`);
  }
  return parts.join('  ');
}

/** A bar of `BAR_WIDTH` characters, to half a character. */
export function drawBar(share: number, style: Style): string {
  const halves = Math.round(Math.min(1, Math.max(0, share)) * 2 * BAR_WIDTH);
  const full = '━'.repeat(Math.floor(halves / 2));
  const half = halves % 2 === 1 ? '╸' : '';
  return style.cyan(full + half) + style.dim('─'.repeat(BAR_WIDTH - full.length - half.length));
}

export class Progress {
  readonly #plan: ProgressPlan;
  readonly #output: Output;
  readonly #now: () => number;
  readonly #style: Style;
  readonly #start: number;
  #shown: number;
  #isDrawn = false;

  constructor(plan: ProgressPlan, host: Host) {
    this.#plan = plan;
    this.#output = host.stderr;
    this.#now = () => host.now();
    this.#style = styleFor(host.stderr);
    this.#start = host.now();
    this.#shown = -Infinity;
  }

  /** Shows a step, unless something was shown a moment ago. */
  update(step: number, epoch: number, loss: number): void {
    const now = this.#now();
    if (now - this.#shown < (this.#output.isTerminal ? REDRAW : PLAIN) && step !== this.#plan.steps) return;
    this.#shown = now;
    const text = describeProgress(this.#plan, { step, epoch, loss, seconds: (now - this.#start) / 1000 });
    if (!this.#output.isTerminal) {
      this.#output.write(`${text}\n`);
      return;
    }
    const withBar = `${drawBar(step / this.#plan.steps, this.#style)}  `;
    const columns = this.#output.columns ?? 80;
    // A line that wraps could not be drawn over.
    const fits = text.length + BAR_WIDTH + 2 < columns;
    this.#output.write(`\r\u001b[K${fits ? withBar + text : text.slice(0, columns - 1)}`);
    this.#isDrawn = true;
  }

  /** Leaves the last state of the line standing, and goes to the next. */
  end(): void {
    if (this.#isDrawn) this.#output.write('\n');
    this.#isDrawn = false;
  }

  /** Writes what was measured on the validation data above the progress line. */
  validated(epoch: number, loss: number): void {
    const text = `epoch ${formatCount(epoch)}: validation ${formatLoss(this.#plan.objective, loss)}`;
    this.#output.write(this.#isDrawn ? `\r\u001b[K${text}\n` : `${text}\n`);
    this.#shown = -Infinity;
    this.#isDrawn = false;
  }
}
