/** A program as an ONNX graph. */
import {
  at,
  portKey,
  type Instruction,
  type OpKind,
  type Output,
  type PortKey,
  type Program,
  type ValueId,
} from '@sbn/program';
import { OnnxError } from '../errors.js';
import type { ParameterValues } from '../model.js';
import { GraphWriter, type ValueName } from './graph-writer.js';
import type { GraphProto } from './model-proto.js';
import { findNeededDigits } from './find-needed-digits.js';
import { RULES } from './rules/index.js';
import { isEmpty, type Operand, type Rule } from './rules/rule.js';

export interface GraphOptions {
  /** Words on ports, written beside them. */
  readonly docs?: ReadonlyMap<PortKey, string>;
  /** Parameters that are part of the graph, and no inputs of it. */
  readonly parameters?: ParameterValues;
  /** Outputs of which it is known that small numbers in them need no digits. */
  readonly isHidden?: (output: Output) => boolean;
}

/**
 * Inputs and outputs are called by their port keys, e.g. `parameter:h1.bias`, all of float32, in the program's order; an output whose
 * key an input has too is called `next parameter:h1.bias`. An axis of `B` is called `B`; where no input has it as an axis, there is
 * one more input, `batch_size`.
 * @throws OnnxError for an operation that ONNX does not have.
 */
export function writeGraph(
  program: Program,
  { docs = new Map(), parameters = {}, isHidden }: GraphOptions = {},
): GraphProto {
  const graph = new GraphWriter();
  const names: ValueName[] = program.inputs.map((input) => {
    const key = portKey(input);
    const given = input.role === 'parameter' ? parameters[input.name] : undefined;
    return given === undefined
      ? graph.input(key, input.shape, docs.get(key))
      : graph.tensor(key, given.shape, Float32Array.from(given.values));
  });
  const inputKeys = new Set(program.inputs.map(portKey));
  const uses = countUses(program);
  const digits = findNeededDigits(program, isHidden);
  const shapes = [...program.inputs, ...program.instructions].map(({ shape }) => shape);
  const operandOf = (value: ValueId): Operand => {
    const instruction = program.instructions[value - program.inputs.length];
    return { name: at(names, value), shape: at(shapes, value), instruction, uses: at(uses, value) };
  };
  const operandsOf = (instruction: Instruction): readonly Operand[] => instruction.args.map(operandOf);
  for (const instruction of program.instructions) {
    graph.startNodesOf(instruction.origin ?? '');
    names.push(writeInstruction(graph, instruction, operandsOf, digits[instruction.id] === 1));
  }
  for (const output of program.outputs) {
    const key = portKey(output);
    const name = inputKeys.has(key) ? `next ${key}` : key;
    graph.output(name, at(names, output.value), at(shapes, output.value), docs.get(key));
  }
  return graph.finish(program.name);
}

function writeInstruction(
  graph: GraphWriter,
  instruction: Instruction,
  operandsOf: (instruction: Instruction) => readonly Operand[],
  needsDigits: boolean,
): ValueName {
  const { kind, attributes, shape, origin } = instruction;
  // The row and the attributes are of the same kind, which TypeScript cannot follow through the table.
  const rule = RULES[kind] as Rule<OpKind> | 'not in ONNX';
  if (rule === 'not in ONNX')
    throw new OnnxError(
      `${origin === undefined ? '' : `${origin}: `}${kind} is no operation of ONNX`,
      'such draws need a runtime: load the artifact with @sbn/runtime',
    );
  if (isEmpty(shape)) return graph.fill(shape, 0);
  return rule({ graph, attributes, operands: operandsOf(instruction), shape, needsDigits, operandsOf });
}

function countUses({ inputs, instructions, outputs }: Program): readonly number[] {
  const uses = new Array<number>(inputs.length + instructions.length).fill(0);
  const count = (value: ValueId): void => {
    uses[value] = (uses[value] ?? 0) + 1;
  };
  for (const { args } of instructions) for (const arg of args) count(arg);
  for (const { value } of outputs) count(value);
  return uses;
}
