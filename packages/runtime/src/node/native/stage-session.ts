/** One stage of a program at one batch size, as a session of ONNX Runtime. */
import { at, portKey, type Input, type Output, type PortKey, type Program } from '@sbn/program';
import type * as ort from 'onnxruntime-node';
import { EngineError } from '../../errors.js';
import { encodeModel, type GraphProto } from '../../onnx/model-proto.js';
import { writeGraph } from '../../onnx/write-graph.js';
import type { ArraySource } from './buffer-pool.js';
import { NativeTensor } from './native-tensor.js';

/** What is needed of ONNX Runtime's module. */
export type OrtModule = Pick<typeof ort, 'InferenceSession' | 'Tensor' | 'env'>;

interface Port {
  readonly key: PortKey;
  /** In the graph. */
  readonly name: string;
  readonly shape: readonly number[];
}

export class StageSession {
  readonly inputs: readonly Port[];
  readonly #outputs: readonly Port[];
  readonly #session: ort.InferenceSession | undefined;
  readonly #name: string;
  readonly #make: (values: Float32Array, shape: readonly number[]) => ort.Tensor;
  readonly #pool: ArraySource;

  private constructor(
    module: OrtModule,
    pool: ArraySource,
    program: Program,
    graph: GraphProto,
    session: ort.InferenceSession | undefined,
  ) {
    const shapes = [...program.inputs, ...program.instructions].map(({ shape }) => shape as readonly number[]);
    const port = (own: Input | Output, value: number, name = ''): Port => {
      return { key: portKey(own), name, shape: at(shapes, value) };
    };
    this.inputs = program.inputs.map((input, place) => port(input, input.id, graph.inputs[place]?.name));
    this.#outputs = program.outputs.map((output, place) => port(output, output.value, graph.outputs[place]?.name));
    this.#session = session;
    this.#name = program.name;
    this.#make = (values, dims) => new module.Tensor('float32', values, dims);
    this.#pool = pool;
  }

  /**
   * `program` has no batch axes left; outputs that are hidden need no digits of small numbers.
   * @throws EngineError where ONNX Runtime does not take it.
   */
  static async open(
    module: OrtModule,
    pool: ArraySource,
    program: Program,
    threads: number,
    isHidden: (output: Output) => boolean,
  ): Promise<StageSession> {
    const graph = writeGraph(program, { isHidden });
    // A graph without outputs is none.
    if (program.outputs.length === 0) return new StageSession(module, pool, program, graph, undefined);
    try {
      const session = await module.InferenceSession.create(
        encodeModel(graph),
        sessionOptions(threads, graph.nodes.length),
      );
      return new StageSession(module, pool, program, graph, session);
    } catch (cause) {
      throw failure(program.name, cause);
    }
  }

  /** `inputs` are in the order of `this.inputs`. The outputs are new tensors. */
  async run(inputs: readonly NativeTensor[]): Promise<ReadonlyMap<PortKey, NativeTensor>> {
    const outputs = new Map<PortKey, NativeTensor>();
    const fetches: Record<string, ort.Tensor> = {};
    for (const { key, name, shape } of this.#outputs) {
      const result = NativeTensor.allocate(this.#pool, shape);
      outputs.set(key, result);
      fetches[name] = result.asTensor(this.#make);
    }
    if (this.#session === undefined) return outputs;
    const feeds: Record<string, ort.Tensor> = {};
    for (const [place, { name }] of this.inputs.entries()) feeds[name] = at(inputs, place).asTensor(this.#make);
    try {
      await this.#session.run(feeds, fetches);
    } catch (cause) {
      for (const tensor of outputs.values()) tensor.dispose();
      throw failure(this.#name, cause);
    }
    return outputs;
  }

  dispose(): void {
    // It rejects only where the session is released already.
    this.#session?.release().catch(() => undefined);
  }
}

/**
 * One thread unless asked for more, and those do not spin while they wait: the machine may be shared. Nothing is printed but by a crash. A
 * long graph is run as it is written: what ONNX Runtime looks for in it makes it no faster, and takes the square of its length to find.
 */
function sessionOptions(threads: number, nodes: number): ort.InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: nodes > LONG ? 'disabled' : 'all',
    logSeverityLevel: FATAL,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

const FATAL = 4;

/** Nodes of a graph. */
const LONG = 1000;

function failure(program: string, cause: unknown): EngineError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new EngineError(`program ${program}: ONNX Runtime: ${said}`, '', { cause });
}
