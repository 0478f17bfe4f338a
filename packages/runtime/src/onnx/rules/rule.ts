/** What a rule is that writes an instruction as nodes of an ONNX graph. */
import type { AttributesOf, Instruction, OpKind, Shape } from '@sbn/program';
import type { GraphWriter, ValueName } from '../graph-writer.js';

/** An operand: where it is in the graph, and what is known of it. */
export interface Operand {
  readonly name: ValueName;
  readonly shape: Shape;
  /** What computes it; undefined for an input. */
  readonly instruction: Instruction | undefined;
  /** How many instructions and outputs use it. */
  readonly uses: number;
}

/** Everything that is known of an instruction. Its result has no axis of length 0. */
export interface RuleContext<K extends OpKind> {
  readonly graph: GraphWriter;
  readonly attributes: AttributesOf<K>;
  readonly operands: readonly Operand[];
  readonly shape: Shape;
  /** Whether small elements of the result need their digits; if not, an error of 2e-7 is none. */
  readonly needsDigits: boolean;
  /** The operands of one of the operands, for rules that write more than one instruction as one node. */
  readonly operandsOf: (instruction: Instruction) => readonly Operand[];
}

/** Writes nodes, and returns what holds the result: real numbers of `shape`. */
export type Rule<K extends OpKind> = (context: RuleContext<K>) => ValueName;

/** Whether a shape has an axis of length 0, whatever B is. */
export function isEmpty(shape: Shape): boolean {
  return shape.includes(0);
}
