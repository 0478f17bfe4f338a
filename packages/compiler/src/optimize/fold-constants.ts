import {
  at,
  evaluateInstruction,
  isElementwise,
  type Draft,
  type Emitter,
  type Instruction,
  type ValueId,
} from '@sbn/program';

/** Operations that only move or repeat elements. */
const LAYOUT: ReadonlySet<Instruction['kind']> = new Set(['reshape', 'broadcast', 'transpose', 'slice']);

/** Replaces what is computed from constants filled with one number by such a constant, in float64. */
export function foldConstants(next: Emitter, instruction: Draft): ValueId {
  return foldFill(next, instruction) ?? next.put(instruction);
}

function foldFill(next: Emitter, instruction: Draft): ValueId | undefined {
  const { kind, shape } = instruction;
  const args: readonly ValueId[] = instruction.args;
  // Most instructions have another first operand, and programs are long.
  const [first] = args;
  if (first === undefined || fillOf(next, first) === undefined) return undefined;
  const elementwise = isElementwise(kind);
  if (!(elementwise || LAYOUT.has(kind))) return undefined;
  const fills: number[] = [];
  for (const arg of args) {
    const fill = fillOf(next, arg);
    if (fill === undefined) return undefined;
    fills.push(fill);
  }
  if (!elementwise) return next.fill(at(fills, 0), shape);
  const operands = fills.map((fill) => ({ shape: [], values: Float64Array.of(fill) }));
  return next.fill(at(evaluateInstruction({ ...instruction, id: 0, origin: undefined }, operands, [], 1), 0), shape);
}

/** The single number that fills a constant. */
export function fillOf(emitter: Emitter, value: ValueId): number | undefined {
  const definition = emitter.definition(value);
  if ('role' in definition || definition.kind !== 'constant') return undefined;
  const { values } = definition.attributes;
  return values.length === 1 ? values[0] : undefined;
}
