/** The engine over ONNX Runtime. */
import type { PortKey, Program } from '@sbn/program';
import type { Engine, EngineTensor, EngineTensors, LentTensor, PreparedProgram, Values } from '../../engine.js';
import { EngineError } from '../../errors.js';
import { checkMemory } from '../../memory.js';
import { BufferPool } from './buffer-pool.js';
import { closePlan, openPlan, runPlan, type Plan } from './native-plan.js';
import { describeTensor, NativeTensor } from './native-tensor.js';
import type { OrtModule } from './stage-session.js';

export class NativeEngine implements Engine {
  readonly name = 'native';
  readonly precision = 'float32';
  readonly backend: string;
  readonly capacity: number;
  readonly #ort: OrtModule;
  readonly #threads: number;
  readonly #pool = new BufferPool();

  constructor(module: OrtModule, backend: string, threads: number, capacity: number) {
    this.#ort = module;
    this.backend = backend;
    this.#threads = threads;
    this.capacity = capacity;
  }

  upload(values: Values | readonly number[], shape: readonly number[]): EngineTensor {
    const count = shape.reduce((product, length) => product * length, 1);
    if (values.length !== count)
      throw new EngineError(`${String(values.length)} values do not fill the shape [${shape.join(', ')}]`);
    const tensor = this.#allocate(count, shape);
    tensor.values.set(values);
    return tensor;
  }

  lend(shape: readonly number[]): LentTensor {
    const count = shape.reduce((product, length) => product * length, 1);
    const tensor = this.#allocate(count, shape);
    return { tensor, values: tensor.values };
  }

  #allocate(count: number, shape: readonly number[]): NativeTensor {
    checkMemory(this, this.#pool.inUse + count, () => describeTensor(shape));
    return NativeTensor.allocate(this.#pool, shape);
  }

  prepare(program: Program): Promise<PreparedProgram> {
    const open = (batch: number): Promise<Plan> => openPlan(this.#ort, this.#pool, program, batch, this.#threads);
    return Promise.resolve(new PreparedNativeProgram(program, open));
  }
}

/** Plans for so many batch sizes are kept: the usual one, and that of the rows left over at the end. */
const MOST_PLANS = 4;

const NONE: ReadonlySet<PortKey> = new Set();

class PreparedNativeProgram implements PreparedProgram {
  readonly program: Program;
  readonly #open: (batch: number) => Promise<Plan>;
  /** By batch size, the one used last at the end. */
  readonly #plans = new Map<number, Promise<Plan>>();

  constructor(program: Program, open: (batch: number) => Promise<Plan>) {
    this.program = program;
    this.#open = open;
  }

  async run(inputs: EngineTensors, batch: number, replaced: ReadonlySet<PortKey> = NONE): Promise<EngineTensors> {
    return runPlan(await this.#planFor(batch), inputs, replaced);
  }

  #planFor(batch: number): Promise<Plan> {
    const plan = this.#plans.get(batch) ?? this.#open(batch);
    this.#plans.delete(batch);
    this.#plans.set(batch, plan);
    for (const oldest of this.#plans.keys()) {
      if (this.#plans.size <= MOST_PLANS) break;
      this.#close(oldest);
    }
    return plan;
  }

  #close(batch: number): void {
    // A plan that could not be opened has told whoever asked for it.
    this.#plans.get(batch)?.then(closePlan, () => undefined);
    this.#plans.delete(batch);
  }

  dispose(): void {
    for (const batch of [...this.#plans.keys()]) this.#close(batch);
  }
}
