/** What a training shows while it runs: two lines drawn over and over in a terminal, a plain line now and then elsewhere. */
import type { SignalStatistics } from '@sbn/runtime';
import type { Host, Output } from './host.js';
import { formatAmount, formatCount, formatDuration, formatNumber, formatShort } from './numbers.js';
import { formatLoss } from './objective-name.js';
import type { ProgressEvent, RunEvent, RunWatcher, StartEvent, ValidationEvent } from './run-events.js';
import { styleFor, type Style } from './style.js';

/** Milliseconds between two drawings of the lines, and between two plain lines. */
const REDRAW = 100;
const PLAIN = 10_000;

const BAR_WIDTH = 20;

/** Sites whose signals are shown one by one; of more there are the least and the largest variance. */
const SITES = 4;

/** From below two lines to the first of them, with all from there on cleared. */
const BACK = '\r\u001b[2A\u001b[J';

type Plan = Pick<StartEvent, 'steps' | 'stepsPerEpoch' | 'objective'>;

/** The last measurement on the validation data, and the best. */
export interface Measured {
  readonly last: number;
  readonly best: number;
}

/** What is shown of a step: where the training is, `epoch 3/10  step 1,234/6,000`; what it has reached; and how fast it is. */
export interface ProgressText {
  readonly place: string;
  /** `negative bound 124.23 nats  validation 126.10  signal variance h1 12.3  h2 0.94` */
  readonly reached: string;
  /** `12,300 rows/s  0:12 left`; empty at first. */
  readonly pace: string;
}

export function describeProgress(plan: Plan, event: ProgressEvent, measured: Measured | undefined): ProgressText {
  const { step, epoch, loss, signals, rowsPerSecond, secondsLeft } = event;
  const epochs = plan.stepsPerEpoch === undefined ? undefined : Math.ceil(plan.steps / plan.stepsPerEpoch);
  return {
    place: join(
      epochs === undefined ? '' : `epoch ${formatCount(epoch)}/${formatCount(epochs)}`,
      `step ${formatCount(step)}/${formatCount(plan.steps)}`,
    ),
    reached: join(formatLoss(plan.objective, loss), describeMeasured(measured), describeSignals(signals)),
    pace: join(
      rowsPerSecond > 0 ? `${formatCount(rowsPerSecond)} rows/s` : '',
      secondsLeft === undefined ? '' : `${formatDuration(secondsLeft)} left`,
    ),
  };
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}

function describeMeasured(measured: Measured | undefined): string {
  if (measured === undefined) return '';
  const { last, best } = measured;
  return `validation ${formatNumber(last)}${best < last ? ` (best ${formatNumber(best)})` : ''}`;
}

/** The variance of each site's learning signal over the rows of the step. */
function describeSignals(signals: Readonly<Record<string, SignalStatistics>>): string {
  const variances = Object.entries(signals).map(([site, { variance }]) => ({ site, variance }));
  const show = ({ site, variance }: (typeof variances)[number]): string => `${site} ${formatShort(variance)}`;
  if (variances.length <= SITES) return variances.length === 0 ? '' : `signal variance ${join(...variances.map(show))}`;
  const [least, most] = [
    variances.reduce((a, b) => (b.variance < a.variance ? b : a)),
    variances.reduce((a, b) => (b.variance > a.variance ? b : a)),
  ];
  return `signal variance from ${show(least)} to ${show(most)}`;
}

/** A bar of `BAR_WIDTH` characters, to half a character. */
export function drawBar(share: number, style: Style): string {
  const halves = Math.round(Math.min(1, Math.max(0, share)) * 2 * BAR_WIDTH);
  const full = '━'.repeat(Math.floor(halves / 2));
  const half = halves % 2 === 1 ? '╸' : '';
  return style.cyan(full + half) + style.dim('─'.repeat(BAR_WIDTH - full.length - half.length));
}

/** Writes to stderr. */
export class Progress implements RunWatcher {
  readonly #output: Output;
  readonly #style: Style;
  #plan: Plan = { steps: 0, objective: { name: '', unit: '' } };
  #shown = -Infinity;
  #measured: Measured | undefined;
  #isDrawn = false;

  constructor(host: Host) {
    this.#output = host.stderr;
    this.#style = styleFor(host.stderr);
  }

  /** Unless something was shown a moment ago. */
  wants(step: number, now: number): boolean {
    const interval = this.#output.isTerminal ? REDRAW : PLAIN;
    if (now - this.#shown < interval && step !== this.#plan.steps) return false;
    this.#shown = now;
    return true;
  }

  see(event: RunEvent): void {
    switch (event.kind) {
      case 'start':
        this.#plan = event;
        this.#output.write(`${this.#style.dim(describeStart(event))}\n`);
        return;
      case 'progress':
        this.#show(event);
        return;
      case 'validation':
        this.#showMeasured(event);
        return;
      case 'end':
      case 'error':
        // The last state stays.
        this.#isDrawn = false;
        return;
      case 'checkpoint':
        return;
    }
  }

  #show(event: ProgressEvent): void {
    const { place, reached, pace } = describeProgress(this.#plan, event, this.#measured);
    if (!this.#output.isTerminal) {
      this.#output.write(`${join(place, reached, pace)}\n`);
      return;
    }
    const columns = this.#output.columns ?? 80;
    const first = join(place, pace);
    // Lines that wrap could not be drawn over.
    const fits = first.length + BAR_WIDTH + 2 < columns;
    const bar = fits ? `${drawBar(event.step / this.#plan.steps, this.#style)}  ` : '';
    const lines = `${bar}${first.slice(0, columns - 1)}\n${reached.slice(0, columns - 1)}\n`;
    this.#output.write(`${this.#isDrawn ? BACK : ''}${lines}`);
    this.#isDrawn = true;
  }

  /** Above the progress. */
  #showMeasured({ epoch, loss, best }: ValidationEvent): void {
    this.#measured = { last: loss, best };
    const text = `epoch ${formatCount(epoch)}: validation ${formatLoss(this.#plan.objective, loss)}`;
    this.#output.write(`${this.#isDrawn ? BACK : ''}${text}\n`);
    this.#shown = -Infinity;
    this.#isDrawn = false;
  }
}

/** One line on what is trained and how. */
function describeStart(event: StartEvent): string {
  const { rows, batch, steps, optimizer, seed, engine, backend } = event;
  const options = Object.entries(optimizer.options).map(([name, value]) => `${name} = ${value}`);
  const facts = [
    ...(rows === undefined ? [] : [formatAmount(rows, 'row')]),
    `batch ${formatCount(batch)}`,
    formatAmount(steps, 'step'),
    `${optimizer.name}(${options.join(', ')})`,
    `seed ${seed}`,
    `${engine}, ${backend}`,
  ];
  return `${event.model}: ${facts.join(', ')}`;
}
