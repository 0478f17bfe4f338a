/** The state that a gradient program carries from step to step: baselines. */
import type { Artifact, PortKey } from '@sbn/program';
import type { Checkpoint } from './checkpoint.js';
import { disposeAll, type Engine, type EngineTensor, type EngineTensors } from './engine.js';
import type { TensorValues } from './model.js';
import { tensorAt } from './ports.js';

export class BaselineState {
  readonly #artifact: Artifact;
  #tensors: EngineTensors;

  /** As the artifact says at the start, or as in a checkpoint that has been matched before. */
  constructor(engine: Engine, artifact: Artifact, resume: Checkpoint | undefined) {
    this.#artifact = artifact;
    this.#tensors = new Map(
      artifact.state.map(({ name, shape, initial }): [PortKey, EngineTensor] => {
        const values = new Float32Array(shape.reduce((n, length) => n * length, 1)).fill(initial);
        return [`state:${name}`, engine.upload(resume?.state[name]?.values ?? values, shape)];
      }),
    );
  }

  get tensors(): EngineTensors {
    return this.#tensors;
  }

  /** Takes over the next state among the outputs of a gradient program; what is not there stays. */
  accept(outputs: EngineTensors): void {
    const next = new Map(this.#tensors);
    for (const [key, tensor] of this.#tensors) {
      const output = outputs.get(key);
      if (output === undefined) continue;
      tensor.dispose();
      next.set(key, output);
    }
    this.#tensors = next;
  }

  async download(): Promise<Readonly<Record<string, TensorValues>>> {
    const entries = this.#artifact.state.map(async ({ name, shape }) => {
      return [name, { shape, values: await tensorAt(this.#tensors, `state:${name}`).download() }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  dispose(): void {
    disposeAll(this.#tensors);
    this.#tensors = new Map();
  }
}
