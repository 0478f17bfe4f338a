/** The float64 interpreter of @sbn/program as an engine: exact and slow, for tests and tiny models. */
import {
  interpretProgram,
  portKey,
  ProgramError,
  type PortKey,
  type Program,
  type ReferenceTensor,
} from '@sbn/program';
import type { Engine, EngineTensor, EngineTensors, PreparedProgram, Values } from '../engine.js';
import { EngineError } from '../errors.js';

/** @returns an engine that needs nothing but this package. */
export function createReferenceEngine(): Engine {
  return {
    name: 'reference',
    backend: 'interpreter (float64)',
    precision: 'float64',
    upload: (values, shape) => new HostTensor(Float64Array.from(values), shape),
    prepare: (program) => Promise.resolve(prepareReference(program)),
  };
}

class HostTensor implements EngineTensor, ReferenceTensor {
  readonly shape: readonly number[];
  #values: Float64Array | undefined;

  constructor(values: Float64Array, shape: readonly number[]) {
    const count = shape.reduce((product, length) => product * length, 1);
    if (values.length !== count) {
      throw new EngineError(`${String(values.length)} values do not fill the shape [${shape.join(', ')}]`);
    }
    this.shape = shape;
    this.#values = values;
  }

  get values(): Float64Array {
    if (this.#values !== undefined) return this.#values;
    throw new EngineError('the tensor was disposed of', 'use a tensor before it is disposed of');
  }

  download(): Promise<Values> {
    return Promise.resolve().then(() => this.values.slice());
  }

  dispose(): void {
    this.#values = undefined;
  }
}

function prepareReference(program: Program): PreparedProgram {
  const keys = program.inputs.map(portKey);
  return {
    program,
    run: (inputs, batch) => Promise.resolve().then(() => runReference(program, keys, inputs, batch)),
    dispose: () => undefined,
  };
}

function runReference(program: Program, keys: readonly PortKey[], inputs: EngineTensors, batch: number): EngineTensors {
  const own = new Map<PortKey, ReferenceTensor>();
  for (const key of keys) {
    const given = inputs.get(key);
    if (given === undefined) throw new EngineError(`program ${program.name}: input ${key} is missing`);
    if (!(given instanceof HostTensor)) {
      throw new EngineError(
        `program ${program.name}: input ${key} is a tensor of another engine`,
        'upload its values to this one',
      );
    }
    own.set(key, { shape: given.shape, values: given.values });
  }
  try {
    const outputs = interpretProgram(program, own, batch);
    // Copies, as an output may be an input, and each is disposed of apart.
    return new Map([...outputs].map(([key, { shape, values }]) => [key, new HostTensor(values.slice(), shape)]));
  } catch (error) {
    if (error instanceof ProgramError)
      throw new EngineError(`program ${program.name}: ${error.message}`, '', { cause: error });
    throw error;
  }
}
