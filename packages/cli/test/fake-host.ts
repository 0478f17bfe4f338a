import type { Host, Input, Output } from '../src/host.js';
import type { InterruptSignal } from '../src/signals.js';

/** Keeps what is written. */
export class Recorder implements Output {
  text = '';
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  readonly columns: number | undefined;

  constructor({
    isTerminal = false,
    hasColor = false,
    columns,
  }: { isTerminal?: boolean; hasColor?: boolean; columns?: number } = {}) {
    this.isTerminal = isTerminal;
    this.hasColor = hasColor;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}

/** A host whose clock stands still until it is set, and whose Ctrl-C is `interrupt()`. */
export class FakeHost implements Host {
  /** What is piped in. */
  stdin: Input = { isTerminal: true, read: () => new Uint8Array() };
  readonly stdout: Recorder;
  readonly stderr: Recorder;
  readonly directory: string;
  time = 0;
  readonly #listeners = new Set<(signal: InterruptSignal) => void>();

  constructor(directory: string, stdout = new Recorder(), stderr = new Recorder()) {
    this.directory = directory;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  now(): number {
    return this.time;
  }

  onInterrupt(listener: (signal: InterruptSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  interrupt(signal: InterruptSignal = 'SIGINT'): void {
    for (const listener of this.#listeners) listener(signal);
  }
}

/** Presses Ctrl-C once a number of steps have looked at the clock. */
export class InterruptedHost extends FakeHost {
  #left: number;

  constructor(directory: string, looks: number) {
    super(directory);
    this.#left = looks;
  }

  override now(): number {
    this.#left -= 1;
    if (this.#left === 0) this.interrupt();
    return super.now();
  }
}
