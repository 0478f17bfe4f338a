/** The statistics of a step, which stay on the engine until they are asked for. */
import type { Program } from '@sbn/program';
import type { EngineTensors } from './engine.js';
import { EngineError } from './errors.js';
import { downloadNumber, outputsOf, type NamedPort } from './ports.js';
import type { SignalStatistics, StepDetails } from './training.js';

export class StepStatistics {
  readonly #program: Program;
  readonly #step: number;
  #outputs: EngineTensors | undefined;
  #details: Promise<StepDetails> | undefined;

  /** Takes over the outputs of the gradient program; those that are no statistics may be gone. */
  constructor(program: Program, step: number, outputs: EngineTensors) {
    this.#program = program;
    this.#step = step;
    this.#outputs = outputs;
  }

  /** @throws EngineError when the next step has been made. */
  download(): Promise<StepDetails> {
    if (this.#details !== undefined) return this.#details;
    const outputs = this.#outputs;
    if (outputs === undefined) {
      const problem = `the details of step ${String(this.#step)} are gone`;
      return Promise.reject(new EngineError(problem, 'ask for them before the next step'));
    }
    this.#details = downloadDetails(this.#program, outputs);
    return this.#details;
  }

  dispose(): void {
    for (const tensor of this.#outputs?.values() ?? []) tensor.dispose();
    this.#outputs = undefined;
  }
}

async function downloadDetails(program: Program, outputs: EngineTensors): Promise<StepDetails> {
  const read = async (ports: readonly NamedPort[]): Promise<ReadonlyMap<string, number>> =>
    new Map(await Promise.all(ports.map(async ({ name, key }) => [name, await downloadNumber(outputs, key)] as const)));
  const terms = await read(outputsOf(program, 'term'));
  const means = await read(outputsOf(program, 'signal_mean'));
  const squares = await read(outputsOf(program, 'signal_square'));
  const signals = [...means].map(([site, mean]): [string, SignalStatistics] => {
    // Rounding can take the difference just below zero.
    return [site, { mean, variance: Math.max(0, (squares.get(site) ?? NaN) - mean * mean) }];
  });
  return { terms: Object.fromEntries(terms), signals: Object.fromEntries(signals) };
}
