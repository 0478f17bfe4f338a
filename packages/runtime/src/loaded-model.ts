/** A model that is loaded: parameters and prepared programs on an engine. */
import type { Artifact, ArtifactPrograms, Program } from '@sbn/program';
import type { Checkpoint } from './checkpoint.js';
import type { Dataset } from './dataset.js';
import type { Engine, PreparedProgram } from './engine.js';
import { EngineError, SettingsError } from './errors.js';
import { evaluateEachRow, summarizeEvaluations } from './evaluation.js';
import { initializeParameters } from './initialize.js';
import { matchParameters } from './match-checkpoint.js';
import { checkMemory } from './memory.js';
import type {
  Draws,
  Evaluation,
  EvaluateOptions,
  Model,
  ParameterValues,
  PosteriorDraws,
  PosteriorOptions,
  RowEvaluations,
  SampleOptions,
} from './model.js';
import { checkSeed } from './noise/noise.js';
import { ParameterStore } from './parameter-store.js';
import type { RowRun } from './row-batches.js';
import { drawRows } from './sampling.js';
import { checkCount } from './settings.js';
import type { StepProgram } from './step-program.js';
import type { Training, TrainOptions } from './training.js';
import { TrainingRun } from './training-run.js';

const DEFAULT_BATCH = 100;
/** Rows to evaluate where the model has no data. */
const DEFAULT_FREE_ROWS = 1000;

type ProgramName = keyof ArtifactPrograms;

/** The options that all runs over rows share. */
interface RowOptions {
  readonly rows?: number | undefined;
  readonly seed?: number | undefined;
  readonly batch?: number | undefined;
  readonly samples?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class LoadedModel implements Model {
  readonly artifact: Artifact;
  readonly engine: Engine;
  readonly seed: number;
  readonly #parameters: ParameterStore;
  readonly #prepared = new Map<ProgramName, Promise<PreparedProgram>>();
  #training: TrainingRun | undefined;
  /** Of the last training, for the next. */
  #stepProgram: StepProgram | undefined;
  #disposed = false;

  constructor(artifact: Artifact, engine: Engine, seed: number) {
    this.artifact = artifact;
    this.engine = engine;
    this.seed = seed;
    checkParameterMemory(artifact, engine);
    this.#parameters = new ParameterStore(artifact, engine, initializeParameters(artifact, seed));
  }

  train(options: TrainOptions = {}): Training {
    this.#checkAlive();
    const training = new TrainingRun(
      {
        artifact: this.artifact,
        engine: this.engine,
        parameters: this.#parameters,
        modelSeed: this.seed,
        lastStep: this.#stepProgram,
      },
      options,
    );
    this.#training?.dispose();
    this.#training = training;
    if (this.#stepProgram !== training.stepProgram) this.#stepProgram?.dispose();
    this.#stepProgram = training.stepProgram;
    return training;
  }

  async evaluate(data?: Dataset, options: EvaluateOptions = {}): Promise<Evaluation> {
    return summarizeEvaluations(await this.evaluateRows(data, options));
  }

  async evaluateRows(data?: Dataset, options: EvaluateOptions = {}): Promise<RowEvaluations> {
    return evaluateEachRow(this.#rowRun('evaluate', 'evaluate', data, options, DEFAULT_FREE_ROWS));
  }

  async score(data?: Dataset, options: EvaluateOptions = {}): Promise<Float64Array> {
    const rows = await this.evaluateRows(data, options);
    return rows.kind === 'bound' ? rows.logLikelihood : rows.cost;
  }

  async sample(options: SampleOptions = {}): Promise<Draws> {
    const { rows, sites } = await drawRows(this.#rowRun('sample', 'sample', options.given, options, 1));
    return { rows, sites };
  }

  async posterior(data?: Dataset, options: PosteriorOptions = {}): Promise<PosteriorDraws> {
    return drawRows(this.#rowRun('posterior', 'posterior', data, options, 1), options.reconstruct);
  }

  #rowRun(
    name: ProgramName,
    purpose: string,
    data: Dataset | undefined,
    options: RowOptions,
    freeRows: number,
  ): RowRun {
    this.#checkAlive();
    const program: Program = this.artifact.programs[name];
    return {
      engine: this.engine,
      artifact: this.artifact,
      program,
      prepare: () => this.#prepare(name),
      parameters: this.#parameters.tensors,
      purpose,
      seed: checkSeed(options.seed ?? 0),
      data,
      rows: (dataRows) => resolveRows(options.rows, dataRows, freeRows),
      batch: checkCount('batch', options.batch ?? DEFAULT_BATCH, 1),
      draws: checkCount('samples', options.samples ?? 1, 1),
      signal: options.signal,
    };
  }

  #prepare(name: ProgramName): Promise<PreparedProgram> {
    const found = this.#prepared.get(name);
    if (found !== undefined) return found;
    const prepared = this.engine.prepare(this.artifact.programs[name]);
    this.#prepared.set(name, prepared);
    return prepared;
  }

  parameters(): Promise<ParameterValues> {
    return this.#parameters.download();
  }

  setParameters(values: ParameterValues): void {
    this.#checkAlive();
    this.#parameters.set(values);
  }

  restore(checkpoint: Checkpoint): void {
    this.#checkAlive();
    matchParameters(checkpoint, this.artifact);
    this.#parameters.set(checkpoint.parameters);
  }

  #checkAlive(): void {
    if (this.#disposed) throw new EngineError('the model was disposed of', 'load it again');
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#training?.dispose();
    this.#stepProgram?.dispose();
    this.#parameters.dispose();
    for (const prepared of this.#prepared.values()) {
      // A program that could not be prepared has told whoever asked for it.
      prepared.then(
        (program) => {
          program.dispose();
        },
        () => undefined,
      );
    }
    this.#prepared.clear();
  }
}

/** Before the first is drawn: drawing them all can take minutes. */
function checkParameterMemory({ parameters }: Artifact, engine: Engine): void {
  const elements = parameters.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  checkMemory(
    engine,
    elements.reduce((sum, own) => sum + own, 0),
    'the parameters of the model',
  );
}

function resolveRows(asked: number | undefined, dataRows: number | undefined, freeRows: number): number {
  if (asked === undefined) return dataRows ?? freeRows;
  const rows = checkCount('rows', asked, 1);
  if (dataRows === undefined || rows <= dataRows) return rows;
  throw new SettingsError(
    'rows',
    `${String(rows)} rows are more than the ${String(dataRows)} of the data`,
    'ask for fewer',
  );
}
