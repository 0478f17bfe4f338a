/** An optimiser at work: its prepared program and its slots on the engine. */
import type { Artifact, PortKey, Program } from '@sbn/program';
import type { Checkpoint } from './checkpoint.js';
import { disposeAll, type Engine, type EngineTensor, type EngineTensors, type PreparedProgram } from './engine.js';
import type { TensorValues } from './model.js';
import type { OptimizedParameter, Optimizer } from './optimizers/optimizer.js';
import { outputsOf, tensorAt } from './ports.js';

/** A slot of one parameter: `sum/model.h1.dense.weight`. */
export interface SlotInfo {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The parameters that a gradient program has a gradient for. */
function optimizedParameters(artifact: Artifact): readonly OptimizedParameter[] {
  const trained = outputsOf(artifact.programs.gradient, 'gradient').map(({ name }) => name);
  return artifact.parameters.filter(({ name }) => trained.includes(name));
}

/** The slots that an optimiser keeps for an artifact. */
export function listSlots(artifact: Artifact, optimizer: Optimizer): readonly SlotInfo[] {
  return optimizedParameters(artifact).flatMap(({ name, shape }) =>
    optimizer.slots.map((slot) => ({ name: `${slot}/${name}`, shape })),
  );
}

/** An optimiser's program for an artifact, and how it goes on from a gradient program. */
export interface Update {
  readonly program: Program;
  /** From the outputs of a gradient program to the inputs of the update. */
  readonly links: ReadonlyMap<PortKey, PortKey>;
}

export function describeUpdate(artifact: Artifact, optimizer: Optimizer): Update {
  const parameters = optimizedParameters(artifact);
  return {
    program: optimizer.program(parameters),
    links: new Map(parameters.map(({ name }) => [`gradient:${name}`, `state:gradient/${name}`])),
  };
}

export class OptimizerState {
  readonly #engine: Engine;
  readonly #optimizer: Optimizer;
  readonly #slotInfos: readonly SlotInfo[];
  readonly #links: Update['links'];
  readonly program: Program;
  #prepared: PreparedProgram | undefined;
  #slots: ReadonlyMap<PortKey, EngineTensor>;

  /** Slots start at zero, or as in a checkpoint that has been matched before. */
  constructor(engine: Engine, artifact: Artifact, optimizer: Optimizer, resume: Checkpoint | undefined) {
    this.#engine = engine;
    this.#optimizer = optimizer;
    this.#slotInfos = listSlots(artifact, optimizer);
    const { program, links } = describeUpdate(artifact, optimizer);
    this.program = program;
    this.#links = links;
    this.#slots = new Map(
      this.#slotInfos.map(({ name, shape }): [PortKey, EngineTensor] => {
        const values = resume?.slots[name]?.values ?? new Float32Array(shape.reduce((n, length) => n * length, 1));
        return [`state:${name}`, engine.upload(values, shape)];
      }),
    );
  }

  /** The slots, as inputs of the program. */
  get tensors(): EngineTensors {
    return this.#slots;
  }

  /** The numbers of a step, as inputs of the program. They are the caller's. */
  uploadNumbers(step: number): EngineTensors {
    return new Map(
      Object.entries(this.#optimizer.hyper(step)).map(([name, value]): [PortKey, EngineTensor] => [
        `hyper:${name}`,
        this.#engine.upload([value], []),
      ]),
    );
  }

  /** Runs the update by itself; nothing is changed until `accept`. The outputs are the caller's. */
  async update(step: number, parameters: EngineTensors, gradients: EngineTensors): Promise<EngineTensors> {
    this.#prepared ??= await this.#engine.prepare(this.program);
    const numbers = this.uploadNumbers(step);
    const inputs = new Map<PortKey, EngineTensor>([...parameters, ...this.#slots, ...numbers]);
    for (const [from, to] of this.#links) inputs.set(to, tensorAt(gradients, from));
    try {
      return await this.#prepared.run(inputs, 1);
    } finally {
      disposeAll(numbers);
    }
  }

  /** Takes over the new slots among an update's outputs, and frees the old ones. */
  accept(outputs: EngineTensors): void {
    const before = this.#slots;
    this.#slots = new Map([...before.keys()].map((key) => [key, tensorAt(outputs, key)]));
    disposeAll(before);
  }

  async download(): Promise<Readonly<Record<string, TensorValues>>> {
    const entries = this.#slotInfos.map(async ({ name, shape }) => {
      return [name, { shape, values: await tensorAt(this.#slots, `state:${name}`).download() }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  dispose(): void {
    this.#prepared?.dispose();
    disposeAll(this.#slots);
    this.#slots = new Map();
  }
}
