/** Runs a program over latent configurations, a block of them at a time: all tensors of a run fit in memory. */
import { portKey, type Artifact, type PortKey, type Program } from '@sbn/program';
import { disposeAll, type Engine, type EngineTensor, type PreparedProgram, type Values } from '../engine.js';
import type { Configurations } from './configurations.js';
import { heldDraws } from './draw-groups.js';
import { stateAt, type VerificationPoint } from './point.js';

/** Configurations `from … from + count − 1` beside one data row. */
export interface Block {
  readonly row: number;
  readonly from: number;
  readonly count: number;
}

export type Outputs = ReadonlyMap<PortKey, Float64Array>;

/** Rows in one run of a program. */
const LARGEST_BLOCK = 4096;

/** Every data row beside every configuration. */
export function* blocksOf(configurations: number, rows: number, largest = LARGEST_BLOCK): Generator<Block> {
  for (let row = 0; row < rows; row += 1) {
    for (let from = 0; from < configurations; from += largest) {
      yield { row, from, count: Math.min(largest, configurations - from) };
    }
  }
}

/** A program at a point, ready for blocks. What the configurations leave out is held. Whoever made it must dispose of it. */
export class ConfigurationRun {
  readonly #engine: Engine;
  readonly #prepared: PreparedProgram;
  readonly #point: VerificationPoint;
  readonly #configurations: Configurations;
  readonly #held: Configurations;
  /** Inputs that are the same for all blocks. */
  readonly #fixed: ReadonlyMap<PortKey, EngineTensor>;

  private constructor(
    engine: Engine,
    prepared: PreparedProgram,
    fixed: ReadonlyMap<PortKey, EngineTensor>,
    point: VerificationPoint,
    configurations: Configurations,
    held: Configurations,
  ) {
    this.#engine = engine;
    this.#prepared = prepared;
    this.#fixed = fixed;
    this.#point = point;
    this.#configurations = configurations;
    this.#held = held;
  }

  static async prepare(
    engine: Engine,
    program: Program,
    artifact: Artifact,
    point: VerificationPoint,
    configurations: Configurations,
  ): Promise<ConfigurationRun> {
    const prepared = await engine.prepare(program);
    const fixed = new Map<PortKey, EngineTensor>();
    for (const input of program.inputs) {
      const info = artifact.state.find(({ name }) => name === input.name);
      const tensor =
        input.role === 'parameter'
          ? point.parameters[input.name]
          : input.role === 'state' && info !== undefined
            ? stateAt(point, info)
            : undefined;
      if (tensor !== undefined) fixed.set(portKey(input), engine.upload(tensor.values, tensor.shape));
    }
    return new ConfigurationRun(engine, prepared, fixed, point, configurations, heldDraws(artifact));
  }

  /** Runs the block with a weight for each of its configurations. */
  async run(block: Block, weights: Float64Array): Promise<Outputs> {
    const own = new Map<PortKey, EngineTensor>();
    try {
      for (const input of this.#prepared.program.inputs) {
        const values = this.#valuesOf(input.role, input.name, block, weights);
        if (values === undefined) continue;
        const shape = input.shape.map((dim) => (typeof dim === 'number' ? dim : dim.batch * block.count));
        own.set(portKey(input), this.#engine.upload(values, shape));
      }
      const outputs = await this.#prepared.run(new Map([...this.#fixed, ...own]), block.count);
      const result = new Map<PortKey, Float64Array>();
      for (const [key, tensor] of outputs) result.set(key, Float64Array.from(await tensor.download()));
      disposeAll(outputs);
      return result;
    } finally {
      disposeAll(own);
    }
  }

  #valuesOf(role: string, name: string, { row, from, count }: Block, weights: Float64Array): Values | undefined {
    if (role === 'weight') return weights;
    if (role === 'latent' || role === 'noise') {
      const table = this.#configurations.values.get(name);
      const width = (table?.length ?? 0) / this.#configurations.count;
      const held = this.#held.values.get(name);
      return table === undefined ? held && repeat(held, count) : table.subarray(from * width, (from + count) * width);
    }
    if (role !== 'data') return undefined;
    const rows = this.#point.data[name];
    const width = (rows?.length ?? 0) / this.#point.rows;
    return rows && repeat(rows.subarray(row * width, (row + 1) * width), count);
  }

  dispose(): void {
    disposeAll(this.#fixed);
    this.#prepared.dispose();
  }
}

export function repeat(values: Values, times: number): Float64Array {
  const result = new Float64Array(values.length * times);
  for (let copy = 0; copy < times; copy += 1) result.set(values, copy * values.length);
  return result;
}
