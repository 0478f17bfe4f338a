/** A step of training as one program, kept by the model: another training with the same update need not prepare it again. */
import { composePrograms, printProgram, type OutputRole, type PortKey, type Program } from '@sbn/program';
import type { Engine, PreparedProgram } from './engine.js';
import type { Update } from './optimizer-state.js';
import { onlyOutput, outputsOf } from './ports.js';

interface OutputKeys {
  readonly loss: PortKey;
  readonly parameters: readonly PortKey[];
  readonly sums: readonly PortKey[];
  /** What takes the place of inputs, once loss and sums are known to be finite. */
  readonly replaced: ReadonlySet<PortKey>;
  /** What stays on the engine until somebody asks. */
  readonly statistics: readonly PortKey[];
}

export class StepProgram {
  /** Gradient and update. */
  readonly program: Program;
  /** Its outputs by what becomes of them. */
  readonly keys: OutputKeys;
  readonly #engine: Engine;
  /** The update, as a text. */
  readonly #update: string;
  #prepared: Promise<PreparedProgram> | undefined;

  private constructor(engine: Engine, program: Program, update: string) {
    this.#engine = engine;
    this.program = program;
    this.#update = update;
    const keysOf = (...roles: readonly OutputRole[]): readonly PortKey[] =>
      roles.flatMap((role) => outputsOf(program, role).map(({ key }) => key));
    this.keys = {
      loss: onlyOutput(program, 'loss').key,
      parameters: keysOf('parameter'),
      sums: keysOf('parameter_sum'),
      replaced: new Set(keysOf('parameter', 'state')),
      statistics: keysOf('term', 'signal_mean', 'signal_square'),
    };
  }

  /** `last`, of the same engine and gradient, where its update is the same. */
  static create(engine: Engine, gradient: Program, update: Update, last: StepProgram | undefined): StepProgram {
    const text = printProgram(update.program);
    if (last !== undefined && last.#update === text) return last;
    return new StepProgram(engine, composePrograms('step', gradient, update.program, update.links), text);
  }

  /** On its engine, the first time; a program that could not be prepared is tried again. */
  prepare(): Promise<PreparedProgram> {
    const prepared = this.#prepared ?? this.#engine.prepare(this.program);
    this.#prepared = prepared;
    prepared.catch(() => {
      if (this.#prepared === prepared) this.#prepared = undefined;
    });
    return prepared;
  }

  dispose(): void {
    // A program that could not be prepared has told whoever asked for it.
    this.#prepared?.then(
      (prepared) => {
        prepared.dispose();
      },
      () => undefined,
    );
    this.#prepared = undefined;
  }
}
