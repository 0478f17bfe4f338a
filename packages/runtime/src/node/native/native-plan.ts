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
import type { BufferPool } from './buffer-pool.js';
import { NativeTensor } from './native-tensor.js';
import { StageSession, type OrtModule } from './stage-session.js';

export interface Plan {
  /** Without batch axes. */
  readonly program: Program;
  readonly batch: number;
  readonly stages: readonly { readonly session: StageSession; readonly draws: readonly Instruction[] }[];
}

export async function openPlan(
  module: OrtModule,
  pool: BufferPool,
  program: Program,
  batch: number,
  threads: number,
): Promise<Plan> {
  const fixed = fixBatch(program, batch);
  const stages: Plan['stages'][number][] = [];
  for (const stage of splitProgram(fixed))
    stages.push({ session: await StageSession.open(module, pool, stage.program, threads), draws: stage.draws });
  return { program: fixed, batch, stages };
}

export function closePlan({ stages }: Plan): void {
  for (const { session } of stages) session.dispose();
}

const CARRIED_OUT = 'sample:';

/** What stages hand on is called after a value, as no port of a program is. */
function isCarried(key: PortKey): boolean {
  return key.startsWith(`${CARRIED_OUT}%`);
}

/** The outputs are new tensors. @throws EngineError when an input is missing, of the wrong shape, or of another engine. */
export async function runPlan(plan: Plan, pool: BufferPool, inputs: EngineTensors): Promise<EngineTensors> {
  const { program, stages } = plan;
  const known = new Map<PortKey, NativeTensor>();
  for (const input of program.inputs) {
    const key = portKey(input);
    known.set(key, takeInput(inputs, key, input.shape as readonly number[], program.name));
  }
  const outputs = new Map<PortKey, NativeTensor>();
  const carried: NativeTensor[] = [];
  const carry = (name: string, tensor: NativeTensor): void => {
    carried.push(tensor);
    known.set(`latent:${name}`, tensor);
  };
  try {
    for (const { session, draws } of stages) {
      const results = await session.run(session.inputs.map(({ key }) => tensorOf(known, key)));
      for (const [key, tensor] of results) {
        if (isCarried(key)) carry(key.slice(CARRIED_OUT.length), tensor);
        else outputs.set(key, tensor);
      }
      for (const draw of draws) {
        const operands = draw.args.map((value) => tensorOf(known, keyOf(program, value)));
        carry(carriedName(draw.id), drawInstruction(draw, operands, plan.batch, pool));
      }
    }
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
  pool: BufferPool,
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
