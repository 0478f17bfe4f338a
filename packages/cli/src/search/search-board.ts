/** What is shown of the runs of a search while they train: a line for each in a terminal, lines with the rate in front elsewhere. */
import type { Host, Output } from '../host.js';
import { describeProgress, type Measured, type ProgressText } from '../progress.js';
import type { RunEvent, StartEvent } from '../run-events.js';
import { styleFor, type Style } from '../style.js';

/** Milliseconds between two events of one run: between two drawings, and between two plain lines. */
const REDRAW = 250;
const PLAIN = 10_000;

interface RunLine {
  start: StartEvent | undefined;
  measured: Measured | undefined;
  text: string;
}

export class SearchBoard {
  readonly interval: number;
  readonly #output: Output;
  readonly #style: Style;
  readonly #mode: 'lines' | 'board' | 'json' | 'nothing';
  readonly #host: Host;
  readonly #runs: ReadonlyMap<number, RunLine>;
  readonly #width: number;
  #drawn = 0;

  constructor(rates: readonly number[], { isQuiet, isJson }: { isQuiet: boolean; isJson: boolean }, host: Host) {
    this.#host = host;
    this.#output = host.stderr;
    this.#style = styleFor(host.stderr);
    this.#mode = isJson ? 'json' : isQuiet ? 'nothing' : host.stderr.isTerminal ? 'board' : 'lines';
    this.interval = this.#mode === 'board' ? REDRAW : isJson ? 1000 : PLAIN;
    this.#runs = new Map(rates.map((rate) => [rate, { start: undefined, measured: undefined, text: 'waits' }]));
    this.#width = Math.max(...rates.map((rate) => String(rate).length));
  }

  see(rate: number, event: RunEvent): void {
    if (this.#mode === 'json') this.#host.stdout.write(`${JSON.stringify({ lr: rate, ...event })}\n`);
    const run = this.#runs.get(rate);
    if (run === undefined) return;
    switch (event.kind) {
      case 'start':
        run.start = event;
        return;
      case 'progress':
        if (run.start !== undefined) this.#show(rate, run, describeProgress(run.start, event, run.measured));
        return;
      case 'validation':
        run.measured = { last: event.loss, best: event.best };
        return;
      case 'end':
        this.end(rate, event.reason === 'interrupted' ? `interrupted after step ${String(event.step)}` : 'done');
        return;
      case 'checkpoint':
      case 'error':
        return;
    }
  }

  /** The last that is shown of a run. */
  end(rate: number, text: string): void {
    const run = this.#runs.get(rate);
    if (run === undefined) return;
    run.text = text;
    if (this.#mode === 'lines') this.#output.write(`${this.#label(rate)}  ${text}\n`);
    if (this.#mode === 'board') this.#draw();
  }

  /** Above all else, whatever is shown. */
  say(rate: number, text: string): void {
    const label = this.#style.bold(this.#label(rate));
    this.#clear();
    this.#output.write(text.replaceAll(/^(?=.)/gm, `${label}  `));
    if (this.#mode === 'board') this.#draw();
  }

  #label(rate: number): string {
    return `lr ${String(rate).padEnd(this.#width)}`;
  }

  #show(rate: number, run: RunLine, { place, reached, pace }: ProgressText): void {
    run.text = [place, reached, pace].filter((part) => part !== '').join('  ');
    if (this.#mode === 'lines') this.#output.write(`${this.#label(rate)}  ${run.text}\n`);
    if (this.#mode === 'board') this.#draw();
  }

  #clear(): void {
    if (this.#drawn > 0) this.#output.write(`\r\u001b[${String(this.#drawn)}A\u001b[J`);
    this.#drawn = 0;
  }

  #draw(): void {
    this.#clear();
    // Lines that wrap could not be drawn over.
    const columns = (this.#output.columns ?? 80) - 1;
    for (const [rate, { text }] of this.#runs) {
      const label = this.#label(rate);
      this.#output.write(`${this.#style.bold(label)}  ${text.slice(0, Math.max(0, columns - label.length - 2))}\n`);
    }
    this.#drawn = this.#runs.size;
  }
}
