/**
 * One of the estimators that are compared: its programs, the model's parameters, and what is the estimator's own, running
 * means and parameters that are trained along, which a warm-up brings to where they are at this model.
 */
import type { Artifact, OutputRole, PortKey, Program } from '@sbn/program';
import { BaselineState } from '../baseline-state.js';
import type { Checkpoint } from '../checkpoint.js';
import { disposeAll, type Engine, type EngineTensor, type EngineTensors, type PreparedProgram } from '../engine.js';
import { initializeParameters } from '../initialize.js';
import type { ParameterValues } from '../model.js';
import { OptimizerState } from '../optimizer-state.js';
import { createOptimizer } from '../optimizers/create.js';
import { ParameterStore } from '../parameter-store.js';
import { outputsOf, tensorAt } from '../ports.js';
import type { StepInputs } from './step-inputs.js';

/** As runs are trained by default; what is trained here follows a model that stands still. */
const OPTIMIZER = { name: 'adam', options: { lr: 1e-3 } } as const;

export interface ProfileCandidate {
  /** What the result calls it. */
  readonly name: string;
  /** The model compiled with this estimator. */
  readonly artifact: Artifact;
  /** A checkpoint that this same estimator trained: its running means and its own parameters start from there. */
  readonly start?: Checkpoint | undefined;
}

export class EstimatorAtWork {
  readonly name: string;
  readonly artifact: Artifact;
  readonly gradient: PreparedProgram;
  readonly profile: PreparedProgram;
  readonly #engine: Engine;
  readonly #parameters: ParameterStore;
  readonly #state: BaselineState;

  private constructor(
    { name, artifact, start }: ProfileCandidate,
    engine: Engine,
    parameters: ParameterStore,
    programs: { readonly gradient: PreparedProgram; readonly profile: PreparedProgram },
  ) {
    this.name = name;
    this.artifact = artifact;
    this.gradient = programs.gradient;
    this.profile = programs.profile;
    this.#engine = engine;
    this.#parameters = parameters;
    this.#state = new BaselineState(engine, artifact, start);
  }

  /**
   * `parameters` are the model's; the estimator's own are drawn with the seed, or come from where it starts.
   * @throws SettingsError for parameters that are not the model's.
   */
  static async prepare(
    candidate: ProfileCandidate,
    engine: Engine,
    parameters: ParameterValues,
    seed: number,
  ): Promise<EstimatorAtWork> {
    const { artifact, start } = candidate;
    const store = new ParameterStore(artifact, engine, initializeParameters(artifact, seed));
    store.set(parameters);
    const own = artifact.parameters.filter(({ role }) => role === 'estimator').map(({ name }) => name);
    const learned = Object.entries(start?.parameters ?? {}).filter(([name]) => own.includes(name));
    store.set(Object.fromEntries(learned));
    const { gradient, profile } = artifact.programs;
    const programs = { gradient: await engine.prepare(gradient), profile: await engine.prepare(profile) };
    return new EstimatorAtWork(candidate, engine, store, programs);
  }

  /** Whether it has anything that changes from step to step. */
  get learns(): boolean {
    return this.artifact.state.length > 0 || this.artifact.parameters.some(({ role }) => role === 'estimator');
  }

  /** What its programs take beside data and noise. */
  get tensors(): EngineTensors {
    return new Map<PortKey, EngineTensor>([...this.#parameters.tensors, ...this.#state.tensors]);
  }

  /** Steps of training at fixed parameters of the model: running means move on, and the estimator's own parameters. */
  async warmUp(steps: number, inputs: StepInputs, batch: number, beforeStep: () => Promise<void>): Promise<void> {
    const own = this.artifact.parameters.filter(({ role }) => role === 'estimator');
    const optimizer = new OptimizerState(
      this.#engine,
      { ...this.artifact, parameters: own },
      createOptimizer(OPTIMIZER),
      undefined,
    );
    try {
      for (let step = 1; step <= (this.learns ? steps : 0); step += 1) {
        await beforeStep();
        const outputs = await this.runGradient(await inputs.upload(step), batch);
        if (own.length > 0) await this.#updateOwn(optimizer, step, outputs);
        this.#state.accept(outputs);
        const kept = pick(outputs, this.gradient.program, 'state');
        disposeAll(new Map([...outputs].filter(([key]) => !kept.has(key))));
      }
    } finally {
      optimizer.dispose();
    }
  }

  async #updateOwn(optimizer: OptimizerState, step: number, gradients: EngineTensors): Promise<void> {
    const { program } = optimizer;
    const outputs = await optimizer.update(step, this.#parameters.tensors, gradients);
    this.#parameters.replace(pick(outputs, program, 'parameter'));
    optimizer.accept(outputs);
    disposeAll(pick(outputs, program, 'parameter_sum'));
  }

  /** One run of the gradient program; frees `inputs`. The outputs are the caller's. */
  async runGradient(inputs: EngineTensors, batch: number): Promise<EngineTensors> {
    try {
      return await this.gradient.run(new Map([...this.tensors, ...inputs]), batch);
    } finally {
      disposeAll(inputs);
    }
  }

  dispose(): void {
    this.gradient.dispose();
    this.profile.dispose();
    this.#parameters.dispose();
    this.#state.dispose();
  }
}

function pick(outputs: EngineTensors, program: Program, role: OutputRole): EngineTensors {
  return new Map(outputsOf(program, role).map(({ key }) => [key, tensorAt(outputs, key)]));
}
