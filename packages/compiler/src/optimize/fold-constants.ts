import {
  at,
  evaluateInstruction,
  isElementwise,
  type Draft,
  type Emitter,
  type Instruction,
  type InstructionOf,
  type ValueId,
} from '@sbn/program';

/** Operations that only move or repeat elements. */
const LAYOUT: ReadonlySet<Instruction['kind']> = new Set(['reshape', 'broadcast', 'transpose', 'slice']);

/** Replaces what is computed from constants filled with one number by such a constant, in float64. */
export function foldConstants(next: Emitter, instruction: Draft): ValueId {
  const fill = fillOfResult(instruction, (value) => fillOf(next, value));
  return fill === undefined ? next.put(instruction) : next.fill(fill, instruction.shape);
}

/** The number that all elements of a result are, where those of each operand are one number, by `fillOfOperand`. */
export function fillOfResult(
  instruction: Draft,
  fillOfOperand: (value: ValueId) => number | undefined,
): number | undefined {
  const { kind } = instruction;
  const args: readonly ValueId[] = instruction.args;
  if (args.length === 0) return undefined;
  const elementwise = isElementwise(kind);
  if (!(elementwise || LAYOUT.has(kind))) return undefined;
  const fills: number[] = [];
  for (const arg of args) {
    const fill = fillOfOperand(arg);
    if (fill === undefined) return undefined;
    fills.push(fill);
  }
  if (!elementwise) return at(fills, 0);
  const operands = fills.map((fill) => ({ shape: [], values: Float64Array.of(fill) }));
  return at(evaluateInstruction({ ...instruction, id: 0, origin: undefined }, operands, [], 1), 0);
}

/** The single number that fills a constant. */
export function fillOf(emitter: Emitter, value: ValueId): number | undefined {
  const constant = constantOf(emitter, value);
  return constant?.attributes.values.length === 1 ? constant.attributes.values[0] : undefined;
}

function constantOf(emitter: Emitter, value: ValueId): InstructionOf<'constant'> | undefined {
  const definition = emitter.definition(value);
  return 'role' in definition || definition.kind !== 'constant' ? undefined : definition;
}
