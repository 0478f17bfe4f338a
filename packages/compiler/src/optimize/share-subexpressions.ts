import type { Instruction, Program, ValueId } from '@sbn/program';
import { emitWithArgs } from '../emit-with-args.js';
import { rewriteProgram } from './rewrite.js';

/** Operations whose operands may change places. */
const COMMUTATIVE: ReadonlySet<string> = new Set(['add', 'multiply', 'maximum', 'minimum', 'equal']);

/** Computes every value once: the same operation on the same operands with the same attributes. */
export function shareSubexpressions(program: Program): Program {
  const known = new Map<string, ValueId>();
  return rewriteProgram(program, (builder, instruction, args) => {
    const operands = COMMUTATIVE.has(instruction.kind) ? args.toSorted((a, b) => a - b) : args;
    const key = `${instruction.kind} ${operands.join(' ')} ${describe(instruction.attributes)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = emitWithArgs(builder, instruction, args);
    known.set(key, value);
    return value;
  });
}

function describe(attributes: Instruction['attributes']): string {
  // Most operations have none.
  for (const _ in attributes) return JSON.stringify(attributes, exactNumbers);
  return '';
}

/** JSON has no −0, infinities or NaN; constants do. */
function exactNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
}
