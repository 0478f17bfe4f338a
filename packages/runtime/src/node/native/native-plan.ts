/** A program at one batch size: a session, or several with draws between them. */
import {
  evaluateInstruction,
  InternalError,
  portKey,
  type Instruction,
  type PortKey,
  type Program,
  type ReferenceTensor,
  type ValueId,
} from '@sbn/program';
import type { EngineTensors } from '../../engine.js';
import { EngineError } from '../../errors.js';
import { fixBatch } from '../../onnx/fix-batch.js';
import { carriedName, splitProgram } from '../../onnx/split-program.js';
import { peelElementwise } from '../../wasm/peel-elementwise.js';
import type { ArraySource } from './buffer-pool.js';
import { findHiddenOutputs } from './find-hidden-outputs.js';
import { NativeTensor } from './native-tensor.js';
import { peelNumbers } from './peel-numbers.js';
import { KernelRunner } from './run-kernels.js';
import { NumberRunner } from './run-numbers.js';
import { StageSession, type OrtModule } from './stage-session.js';

export interface Plan {
  /** Without batch axes. */
  readonly program: Program;
  /** The same without what the kernels compute: the program that the stages are of. */
  readonly graph: Program;
  readonly batch: number;
  /** The program's. */
  readonly inputs: readonly { readonly key: PortKey; readonly shape: readonly number[] }[];
  readonly stages: readonly Stage[];
  /** What is computed after all stages. */
  readonly kernels: KernelRunner;
  readonly numbers: NumberRunner;
}

interface Stage {
  readonly session: StageSession;
  readonly draws: readonly Instruction[];
  /** Of its outputs those that are none of the program, with the keys under which later stages and kernels know them. */
  readonly carried: ReadonlyMap<PortKey, PortKey>;
}

export async function openPlan(
  module: OrtModule,
  pool: ArraySource,
  program: Program,
  batch: number,
  threads: number,
): Promise<Plan> {
  const fixed = fixBatch(program, batch);
  const stages: Stage[] = [];
  const peeled = peelElementwise(fixed);
  const kernels = new KernelRunner(fixed, peeled.kernels, pool);
  const { program: graph, end } = peelNumbers(peeled.program);
  const isHidden = findHiddenOutputs({ program: fixed, kernels: peeled.kernels }, { program: peeled.program, end });
  for (const { program: own, draws } of splitProgram(graph)) {
    const keys = own.outputs.map(portKey).filter(isCarried);
    const carried = new Map(keys.map((key) => [key, `${CARRIED_TO}${key.slice(CARRIED_OUT.length)}` as const]));
    stages.push({ session: await StageSession.open(module, kernels.arrays, own, threads, isHidden), draws, carried });
  }
  const inputs = fixed.inputs.map((input) => ({ key: portKey(input), shape: input.shape as readonly number[] }));
  const numbers = new NumberRunner(end, kernels.arrays);
  return { program: fixed, graph, batch, inputs, stages, numbers, kernels };
}

export function closePlan({ stages }: Plan): void {
  for (const { session } of stages) session.dispose();
}

const CARRIED_TO = 'latent:';
const CARRIED_OUT = 'sample:';

/** What stages hand on is called after a value, as no port of a program is. */
function isCarried(key: PortKey): boolean {
  return key.startsWith(`${CARRIED_OUT}%`);
}

/** The outputs are new tensors; `replaced` as in `PreparedProgram.run`. @throws EngineError when an input is missing, of the wrong shape, or of another engine. */
export async function runPlan(
  plan: Plan,
  inputs: EngineTensors,
  replaced: ReadonlySet<PortKey>,
): Promise<EngineTensors> {
  const { program, stages, kernels } = plan;
  const known = new Map<PortKey, NativeTensor>();
  for (const { key, shape } of plan.inputs) known.set(key, takeInput(inputs, key, shape, program.name));
  const outputs = new Map<PortKey, NativeTensor>();
  const carried: NativeTensor[] = [];
  const carry = (key: PortKey, tensor: NativeTensor): void => {
    carried.push(tensor);
    known.set(key, tensor);
  };
  try {
    for (const stage of stages) {
      const results = await stage.session.run(stage.session.inputs.map(({ key }) => tensorOf(known, key)));
      for (const [key, tensor] of results) {
        const later = stage.carried.get(key);
        if (later === undefined) outputs.set(key, tensor);
        else carry(later, tensor);
      }
      for (const draw of stage.draws) {
        const operands = draw.args.map((value) => tensorOf(known, keyOf(plan.graph, value)));
        carry(`${CARRIED_TO}${carriedName(draw.id)}`, drawInstruction(draw, operands, plan.batch, kernels.arrays));
      }
    }
    for (const [key, tensor] of plan.numbers.run((own) => tensorOf(known, own))) {
      if (isCarried(key)) carry(`${CARRIED_TO}${key.slice(CARRIED_OUT.length)}`, tensor);
      else outputs.set(key, tensor);
    }
    kernels.run(known, outputs, replaced);
  } catch (error) {
    for (const tensor of outputs.values()) tensor.dispose();
    throw error;
  } finally {
    for (const tensor of carried) tensor.dispose();
  }
  return outputs;
}

function keyOf({ inputs }: Program, value: ValueId): PortKey {
  const input = inputs[value];
  return input === undefined ? `latent:${carriedName(value)}` : portKey(input);
}

/** By the reference's kernel, in float64: a search, whose sums float32 would round. */
function drawInstruction(
  draw: Instruction,
  operands: readonly NativeTensor[],
  batch: number,
  pool: ArraySource,
): NativeTensor {
  const wide = operands.map(({ shape, values }): ReferenceTensor => ({ shape, values: Float64Array.from(values) }));
  const shape = draw.shape as readonly number[];
  const tensor = NativeTensor.allocate(pool, shape);
  tensor.values.set(evaluateInstruction(draw, wide, shape, batch));
  return tensor;
}

function tensorOf(known: ReadonlyMap<PortKey, NativeTensor>, key: PortKey): NativeTensor {
  const tensor = known.get(key);
  if (tensor === undefined) throw new InternalError(`no tensor ${key}`);
  return tensor;
}

function takeInput(inputs: EngineTensors, key: PortKey, shape: readonly number[], program: string): NativeTensor {
  const given = inputs.get(key);
  if (given === undefined) throw new EngineError(`program ${program}: input ${key} is missing`);
  if (!(given instanceof NativeTensor))
    throw new EngineError(
      `program ${program}: input ${key} is a tensor of another engine`,
      'upload its values to this one',
    );
  if (given.shape.length === shape.length && given.shape.every((length, axis) => length === shape[axis])) return given;
  throw new EngineError(
    `program ${program}: input ${key} has shape [${given.shape.join(', ')}], and must have [${shape.join(', ')}]`,
  );
}
