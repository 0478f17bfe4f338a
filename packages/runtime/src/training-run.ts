/** The training loop: batch and noise in, gradient and update as one program, check, commit. */
import type { Artifact, PortKey } from '@sbn/program';
import { BaselineState } from './baseline-state.js';
import { createBreather } from './breathe.js';
import type { Checkpoint } from './checkpoint.js';
import type { ReadRequest, RowOrder } from './dataset.js';
import { consecutiveRows, DataSource, type ReadRows } from './data/data-source.js';
import { disposeAll, type Engine, type EngineTensor, type EngineTensors } from './engine.js';
import { EngineError } from './errors.js';
import { matchParameters, matchTrainingState } from './match-checkpoint.js';
import { checkProgramMemory } from './memory.js';
import { NoiseSource } from './noise/noise-source.js';
import { explainNonFinite, type RunOutputs } from './non-finite.js';
import { describeUpdate, listSlots, OptimizerState } from './optimizer-state.js';
import type { ParameterStore } from './parameter-store.js';
import { downloadNumber, tensorAt } from './ports.js';
import { resolveTrainSettings } from './settings.js';
import { StepStatistics } from './step-details.js';
import { StepProgram } from './step-program.js';
import type { StepReport, Training, TrainingSeconds, TrainOptions, TrainSettings } from './training.js';

/** What a training works on. */
export interface TrainingContext {
  readonly artifact: Artifact;
  readonly engine: Engine;
  readonly parameters: ParameterStore;
  readonly modelSeed: number;
  /** Of the training before. */
  readonly lastStep: StepProgram | undefined;
}

/** The rows of a step, on their way. */
interface AskedRows {
  readonly step: number;
  readonly values: Promise<ReadRows>;
}

export class TrainingRun implements Training {
  readonly settings: TrainSettings;
  readonly #context: TrainingContext;
  readonly #signal: AbortSignal | undefined;
  readonly #data: DataSource;
  readonly #noise: NoiseSource;
  readonly #optimizer: OptimizerState;
  readonly #baselines: BaselineState;
  /** Gradient and update. It is the model's, to use in another training and to dispose of. */
  readonly stepProgram: StepProgram;
  #step: number;
  #interrupted = false;
  #disposed = false;
  #statistics: StepStatistics | undefined;
  /** The order of the rows in the current epoch. */
  #order: { readonly epoch: number; readonly rows: RowOrder } | undefined;
  /** The rows of the next steps. */
  #asked: readonly AskedRows[] = [];
  readonly #seconds = { stepping: 0, preparing: 0 };

  /** @throws SettingsError, DataError, CheckpointError, EngineError where it cannot fit into memory; the model's parameters are then as before. */
  constructor(context: TrainingContext, options: TrainOptions) {
    const { artifact, engine, parameters, modelSeed, lastStep } = context;
    const { gradient } = artifact.programs;
    const { resume } = options;
    if (resume !== undefined) matchParameters(resume, artifact);
    this.#context = context;
    this.#signal = options.signal;
    this.#data = new DataSource(engine, artifact, gradient, options.data);
    this.settings = resolveTrainSettings(artifact, options, this.#data.rows, modelSeed);
    const { batch, optimizer, seed, startStep } = this.settings;
    if (resume !== undefined) {
      matchTrainingState(resume, optimizer, listSlots(artifact, optimizer), artifact);
      parameters.set(resume.parameters);
    }
    this.stepProgram = StepProgram.create(engine, gradient, describeUpdate(artifact, optimizer), lastStep);
    checkProgramMemory(engine, this.stepProgram.program, batch);
    this.#noise = new NoiseSource(engine, gradient, 'train', seed);
    this.#optimizer = new OptimizerState(engine, artifact, optimizer, resume);
    this.#baselines = new BaselineState(engine, artifact, resume);
    this.#step = startStep;
  }

  get step(): number {
    return this.#step;
  }

  get seconds(): TrainingSeconds {
    return { ...this.#seconds };
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StepReport, void, undefined> {
    const breathe = createBreather();
    while (this.#step < this.settings.steps) {
      await breathe();
      if (this.#disposed) throw new EngineError('the training was disposed of', 'start another with train()');
      if (this.#signal?.aborted === true) {
        this.#interrupted = true;
        return;
      }
      yield await this.#runStep(this.#step + 1);
    }
  }

  async #runStep(step: number): Promise<StepReport> {
    const { artifact } = this.#context;
    const start = performance.now();
    const run: RunOutputs = { program: this.stepProgram.program, outputs: await this.#runProgram(step) };
    let committed = false;
    try {
      const loss = await downloadNumber(run.outputs, this.stepProgram.keys.loss);
      if (!Number.isFinite(loss)) throw await explainNonFinite(artifact, step, run, 'the loss');
      if (!(await areFinite(run.outputs, this.stepProgram.keys.sums)))
        throw await explainNonFinite(artifact, step, run, 'an updated parameter');
      this.#commit(run);
      committed = true;
      this.#seconds.stepping += (performance.now() - start) / 1000;
      return this.#report(step, loss);
    } finally {
      if (!committed) disposeAll(run.outputs);
    }
  }

  async #runProgram(step: number): Promise<EngineTensors> {
    const { parameters } = this.#context;
    const { batch } = this.settings;
    const start = performance.now();
    const data = await this.#take(step);
    const noise = this.#noise.upload(batch, { row: 0, step, draw: 0 });
    this.#seconds.preparing += (performance.now() - start) / 1000;
    const numbers = this.#optimizer.uploadNumbers(step);
    try {
      const prepared = await this.stepProgram.prepare();
      if (!this.#data.isAtHand) this.#askAhead(step);
      const inputs = new Map<PortKey, EngineTensor>([
        ...parameters.tensors,
        ...this.#baselines.tensors,
        ...this.#optimizer.tensors,
        ...data,
        ...noise,
        ...numbers,
      ]);
      return await prepared.run(inputs, batch, this.stepProgram.keys.replaced);
    } finally {
      for (const used of [data, noise, numbers]) disposeAll(used);
    }
  }

  /** Asks for the rows of the steps after this one, so that whoever reads them elsewhere does so while this one runs. */
  #askAhead(step: number): void {
    const start = performance.now();
    const { batch, steps } = this.settings;
    const most = this.#data.batchesAtOnce(batch);
    if (this.#asked.length > most / 2) return;
    const first = (this.#asked.at(-1)?.step ?? step) + 1;
    const next: number[] = [];
    for (let own = first; own < first + most && own <= steps && this.#epochOf(own) === this.#epochOf(first); own += 1)
      next.push(own);
    const asked = this.#data.readBatches(next.map((own) => this.#requestOf(own)));
    // What is wrong with them is said when their step comes.
    for (const values of asked) values.catch(() => undefined);
    this.#asked = [...this.#asked, ...asked.map((values, place) => ({ step: first + place, values }))];
    this.#seconds.preparing += (performance.now() - start) / 1000;
  }

  async #take(step: number): Promise<EngineTensors> {
    const [asked, ...others] = this.#asked;
    this.#asked = asked?.step === step ? others : [];
    return asked?.step === step ? this.#data.upload(await asked.values) : this.#data.take(this.#requestOf(step));
  }

  #requestOf(step: number): ReadRequest {
    return { indices: this.#rowsOf(step), epoch: this.#epochOf(step) ?? 0, seed: this.settings.seed };
  }

  /** Makes the step's results the current ones, and frees all that is of no further use. */
  #commit(run: RunOutputs): void {
    const { outputs, program } = run;
    const { loss, parameters, sums, statistics } = this.stepProgram.keys;
    this.#context.parameters.replace(pick(outputs, parameters));
    this.#optimizer.accept(outputs);
    this.#baselines.accept(outputs);
    for (const key of [loss, ...sums]) tensorAt(outputs, key).dispose();
    this.#statistics?.dispose();
    this.#step += 1;
    this.#statistics = new StepStatistics(program, this.#step, pick(outputs, statistics));
  }

  #report(step: number, loss: number): StepReport {
    const { stepsPerEpoch } = this.settings;
    const statistics = this.#statistics;
    return {
      step,
      epoch: (this.#epochOf(step) ?? -1) + 1,
      endsEpoch: stepsPerEpoch !== undefined && step % stepsPerEpoch === 0,
      loss,
      details: () => statistics?.download() ?? Promise.resolve({ terms: {}, signals: {} }),
    };
  }

  /** From 0. */
  #epochOf(step: number): number | undefined {
    const { stepsPerEpoch } = this.settings;
    return stepsPerEpoch === undefined ? undefined : Math.floor((step - 1) / stepsPerEpoch);
  }

  /** The rows of a step: a function of the seed and the step alone. */
  #rowsOf(step: number): Uint32Array {
    const { batch, seed, stepsPerEpoch } = this.settings;
    const epoch = this.#epochOf(step);
    if (epoch === undefined || stepsPerEpoch === undefined) return consecutiveRows(0, batch);
    if (this.#order?.epoch !== epoch) this.#order = { epoch, rows: this.#data.order(epoch, seed, 'shuffle') };
    const start = ((step - 1) % stepsPerEpoch) * batch;
    return this.#order.rows(start, start + batch);
  }

  async checkpoint(): Promise<Checkpoint> {
    const { artifact, parameters } = this.#context;
    const { batch, optimizer, seed, stepsPerEpoch } = this.settings;
    return {
      model: artifact.name,
      step: this.#step,
      epoch: stepsPerEpoch === undefined ? 0 : Math.floor(this.#step / stepsPerEpoch),
      seed,
      batch,
      optimizer: { name: optimizer.name, options: optimizer.options },
      parameters: await parameters.download(),
      slots: await this.#optimizer.download(),
      state: await this.#baselines.download(),
    };
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#statistics?.dispose();
    this.#optimizer.dispose();
    this.#baselines.dispose();
  }
}

function pick(outputs: EngineTensors, keys: readonly PortKey[]): EngineTensors {
  return new Map(keys.map((key) => [key, tensorAt(outputs, key)]));
}

/** A sum is finite only if all that was added up is. */
async function areFinite(outputs: EngineTensors, sums: readonly PortKey[]): Promise<boolean> {
  const values = await Promise.all(sums.map((key) => downloadNumber(outputs, key)));
  return values.every(Number.isFinite);
}
