/** The inputs of training steps at a model that stays as it is: rows in an order of the seed's, and noise. */
import type { Artifact, PortKey, Program } from '@sbn/program';
import { consecutiveRows, DataSource } from '../data/data-source.js';
import type { Dataset, RowOrder } from '../dataset.js';
import type { Engine, EngineTensor } from '../engine.js';
import { NoiseSource } from '../noise/noise-source.js';

export class StepInputs {
  readonly #data: DataSource;
  readonly #noise: NoiseSource;
  readonly #seed: number;
  readonly #batch: number;
  #order: { readonly epoch: number; readonly rows: RowOrder } | undefined;

  /** `batch` is at most the rows that there are. @throws DataError */
  constructor(
    engine: Engine,
    artifact: Artifact,
    program: Program,
    data: Dataset | undefined,
    seed: number,
    batch: number,
  ) {
    this.#data = new DataSource(engine, artifact, program, data);
    this.#noise = new NoiseSource(engine, program, 'warm-up', seed);
    this.#seed = seed;
    this.#batch = batch;
  }

  /** Data and noise of a step, from 1. The caller disposes of them. */
  async upload(step: number): Promise<ReadonlyMap<PortKey, EngineTensor>> {
    const rows = this.#data.rows;
    const perEpoch = rows === undefined ? 1 : Math.floor(rows / this.#batch);
    const epoch = Math.floor((step - 1) / perEpoch);
    const start = ((step - 1) % perEpoch) * this.#batch;
    const indices =
      rows === undefined ? consecutiveRows(0, this.#batch) : this.#orderOf(epoch)(start, start + this.#batch);
    const data = await this.#data.take({ indices, epoch, seed: this.#seed });
    return new Map([...data, ...this.#noise.upload(this.#batch, { row: 0, step, draw: 0 })]);
  }

  #orderOf(epoch: number): RowOrder {
    if (this.#order?.epoch !== epoch) this.#order = { epoch, rows: this.#data.order(epoch, this.#seed, 'warm-up') };
    return this.#order.rows;
  }
}
