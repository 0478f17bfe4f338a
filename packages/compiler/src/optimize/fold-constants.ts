import {
  at,
  evaluateInstruction,
  isElementwise,
  type Instruction,
  type InstructionOf,
  type Program,
  type ProgramBuilder,
  type ValueId,
} from '@sbn/program';
import { emitWithArgs } from '../emit-with-args.js';
import { rewriteProgram } from './rewrite.js';

/** Operations that only move or repeat elements. */
const LAYOUT: ReadonlySet<Instruction['kind']> = new Set(['reshape', 'broadcast', 'transpose', 'slice']);

/** Replaces what is computed from constants filled with one number by such a constant, in float64. */
export function foldConstants(program: Program): Program {
  return rewriteProgram(program, (builder, instruction, args) => {
    return foldFill(builder, instruction, args) ?? emitWithArgs(builder, instruction, args);
  });
}

function foldFill(builder: ProgramBuilder, instruction: Instruction, args: readonly ValueId[]): ValueId | undefined {
  const elementwise = isElementwise(instruction.kind);
  if (args.length === 0 || !(elementwise || LAYOUT.has(instruction.kind))) return undefined;
  const fills = args.map((arg) => fillOf(builder, arg));
  if (!fills.every((fill) => fill !== undefined)) return undefined;
  if (!elementwise) return builder.fill(at(fills, 0), instruction.shape);
  const operands = fills.map((fill) => ({ shape: [], values: Float64Array.of(fill) }));
  return builder.fill(at(evaluateInstruction(instruction, operands, [], 1), 0), instruction.shape);
}

/** The single number that fills a constant. */
export function fillOf(builder: ProgramBuilder, value: ValueId): number | undefined {
  const constant = constantOf(builder, value);
  return constant?.attributes.values.length === 1 ? constant.attributes.values[0] : undefined;
}

function constantOf(builder: ProgramBuilder, value: ValueId): InstructionOf<'constant'> | undefined {
  const definition = builder.definition(value);
  return 'role' in definition || definition.kind !== 'constant' ? undefined : definition;
}
