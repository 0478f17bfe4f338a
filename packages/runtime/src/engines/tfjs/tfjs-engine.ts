/** The engine over TensorFlow.js: uploads, and programs as plans of kernel calls. */
import { at, portKey, type PortKey, type Program } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineTensor, EngineTensors, PreparedProgram, Values } from '../../engine.js';
import { EngineError } from '../../errors.js';
import { checkMemory } from '../../memory.js';
import { ConstantPool } from './constant-pool.js';
import type { TfjsEngine } from './engine.js';
import { sameLengths, sizeOf } from './kernel.js';
import { planProgram, runPlan, type Plan } from './plan.js';
import { TfjsTensor } from './tensor.js';

/**
 * Bytes. WebAssembly addresses 4 GiB, of which the kernels' own buffers and the gaps between tensors take a share.
 * The backend does not notice when it has no memory left: it writes to address 0.
 */
const WASM_CAPACITY = 3.5e9;

export class TfjsEngineOverBackend implements TfjsEngine {
  readonly name = 'tfjs';
  readonly precision = 'float32';
  readonly backend: string;
  readonly capacity: number | undefined;

  constructor(backend: string) {
    this.backend = backend;
    this.capacity = tf.getBackend() === 'wasm' ? WASM_CAPACITY : undefined;
  }

  upload(values: Values | readonly number[], shape: readonly number[]): EngineTensor {
    if (values.length !== sizeOf(shape)) {
      throw new EngineError(`${String(values.length)} values do not fill the shape [${shape.join(', ')}]`);
    }
    checkMemory(this, tf.memory().numBytes / 4 + values.length, `a tensor of shape [${shape.join(', ')}]`);
    // A copy, as the cpu backend keeps the array that it is given.
    return new TfjsTensor(tf.tensor(new Float32Array(values), [...shape], 'float32'));
  }

  fromTensor(tensor: tf.Tensor): EngineTensor {
    return new TfjsTensor(tensor.dtype === 'float32' ? tf.clone(tensor) : tf.cast(tensor, 'float32'));
  }

  toTensor(tensor: EngineTensor): tf.Tensor {
    return tf.clone(unwrap(tensor, 'toTensor'));
  }

  prepare(program: Program): Promise<PreparedProgram> {
    return Promise.resolve(new PreparedTfjsProgram(program));
  }
}

class PreparedTfjsProgram implements PreparedProgram {
  readonly program: Program;
  readonly #constants = new ConstantPool();
  /** By batch size. */
  readonly #plans = new Map<number, Plan>();

  constructor(program: Program) {
    this.program = program;
  }

  run(inputs: EngineTensors, batch: number): Promise<EngineTensors> {
    // Errors reject: a caller has one way to see them.
    return Promise.resolve().then(() => this.#run(inputs, batch));
  }

  #run(inputs: EngineTensors, batch: number): EngineTensors {
    const plan = this.#planFor(batch);
    const tensors = plan.inputs.map(({ key, shape }) => takeInput(inputs, key, shape, this.program.name));
    const results = runPlan(plan, tensors);
    return new Map(plan.outputs.map((output, index) => [portKey(output), new TfjsTensor(at(results, index))]));
  }

  #planFor(batch: number): Plan {
    const found = this.#plans.get(batch);
    if (found !== undefined) return found;
    const plan = planProgram(this.program, batch, this.#constants);
    this.#plans.set(batch, plan);
    return plan;
  }

  dispose(): void {
    this.#plans.clear();
    this.#constants.dispose();
  }
}

function takeInput(inputs: EngineTensors, key: PortKey, shape: readonly number[], program: string): tf.Tensor {
  const given = inputs.get(key);
  if (given === undefined) throw new EngineError(`program ${program}: input ${key} is missing`);
  const tensor = unwrap(given, `program ${program}: input ${key}`);
  if (sameLengths(tensor.shape, shape)) return tensor;
  throw new EngineError(
    `program ${program}: input ${key} has shape [${tensor.shape.join(', ')}], and must have [${shape.join(', ')}]`,
  );
}

function unwrap(tensor: EngineTensor, place: string): tf.Tensor {
  if (tensor instanceof TfjsTensor) return tensor.tensor;
  throw new EngineError(`${place} is a tensor of another engine`, 'upload its values to this one');
}
