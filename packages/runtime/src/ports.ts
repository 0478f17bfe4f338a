/** Ports of a program by role. */
import { InternalError, portKey, type InputRole, type OutputRole, type PortKey, type Program } from '@sbn/program';
import type { EngineTensor, EngineTensors } from './engine.js';

export interface NamedPort {
  readonly name: string;
  readonly key: PortKey;
}

export function inputsOf(
  program: Program,
  role: InputRole,
): readonly (NamedPort & { readonly shape: Program['inputs'][number]['shape'] })[] {
  return program.inputs
    .filter((input) => input.role === role)
    .map((input) => ({ name: input.name, key: portKey(input), shape: input.shape }));
}

export function outputsOf(program: Program, role: OutputRole): readonly NamedPort[] {
  return program.outputs
    .filter((output) => output.role === role)
    .map((output) => ({ name: output.name, key: portKey(output) }));
}

/** The only output of a role, which the artifact's contract promises. */
export function onlyOutput(program: Program, role: OutputRole): NamedPort {
  const [first, second] = outputsOf(program, role);
  if (first !== undefined && second === undefined) return first;
  throw new InternalError(`program ${program.name} has not exactly one output of role ${role}`);
}

/** The tensor of a port, which the engine's contract promises. */
export function tensorAt(tensors: EngineTensors, key: PortKey): EngineTensor {
  const tensor = tensors.get(key);
  if (tensor === undefined) throw new InternalError(`no tensor ${key}`);
  return tensor;
}

export async function downloadNumber(tensors: EngineTensors, key: PortKey): Promise<number> {
  return (await tensorAt(tensors, key).download())[0] ?? NaN;
}
