/** A model's parameters on its engine, replaced as a whole. */
import type { Artifact, PortKey } from '@sbn/program';
import { disposeAll, type Engine, type EngineTensor, type EngineTensors } from './engine.js';
import { SettingsError } from './errors.js';
import type { ParameterValues } from './model.js';
import { tensorAt } from './ports.js';
import { suggestNames } from './suggest.js';

export class ParameterStore {
  readonly #artifact: Artifact;
  readonly #engine: Engine;
  #tensors: EngineTensors;

  constructor(artifact: Artifact, engine: Engine, values: ParameterValues) {
    this.#artifact = artifact;
    this.#engine = engine;
    this.#tensors = new Map();
    this.set(values);
  }

  /** By `parameter:NAME`. */
  get tensors(): EngineTensors {
    return this.#tensors;
  }

  /** Takes over new tensors for some parameters, and frees those that they replace. */
  replace(next: EngineTensors): void {
    const merged = new Map(this.#tensors);
    for (const [key, tensor] of next) {
      merged.get(key)?.dispose();
      merged.set(key, tensor);
    }
    this.#tensors = merged;
  }

  /** @throws SettingsError on an unknown name, wrong shape, or a value that is not finite; nothing is changed then. */
  set(values: ParameterValues): void {
    for (const [name, { shape, values: own }] of Object.entries(values)) {
      const info = this.#artifact.parameters.find((parameter) => parameter.name === name);
      if (info === undefined) {
        const known = this.#artifact.parameters.map((parameter) => parameter.name);
        throw new SettingsError(
          'parameters',
          `the model has no parameter ${name}`,
          suggestNames(name, known, 'parameters'),
        );
      }
      const count = info.shape.reduce((product, length) => product * length, 1);
      if (shape.join() !== info.shape.join() || own.length !== count) {
        throw new SettingsError(
          'parameters',
          `${name} has shape [${shape.join(', ')}] and ${String(own.length)} values`,
          `give shape [${info.shape.join(', ')}]`,
        );
      }
      const wrong = own.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0)
        throw new SettingsError(
          'parameters',
          `value ${String(wrong)} of ${name} is ${String(own[wrong])}`,
          'give finite values',
        );
    }
    this.replace(
      new Map(
        Object.entries(values).map(([name, { shape, values: own }]): [PortKey, EngineTensor] => [
          `parameter:${name}`,
          this.#engine.upload(own, shape),
        ]),
      ),
    );
  }

  async download(): Promise<ParameterValues> {
    const entries = this.#artifact.parameters.map(async ({ name, shape }) => {
      const values = await tensorAt(this.#tensors, `parameter:${name}`).download();
      return [name, { shape, values }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  dispose(): void {
    disposeAll(this.#tensors);
    this.#tensors = new Map();
  }
}
