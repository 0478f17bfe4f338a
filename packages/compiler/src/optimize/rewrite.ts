/** Rebuilds a program instruction by instruction: what all passes but the removal of dead code have in common. */
import {
  Emitter,
  findNeeded,
  InternalError,
  ProgramBuilder,
  type Draft,
  type Input,
  type Instruction,
  type Program,
  type ValueId,
} from '@sbn/program';

/**
 * What stands for an instruction whose operands are emitted already: most often the same again, by `next.put`. Ensures the same
 * shape. What a rule emits goes to the rules behind it, and is not seen by itself again.
 */
export type Rule = (next: Emitter, instruction: Draft) => ValueId;

/** Passes each instruction through `rules`, one behind the other, in a single walk. Leaves out what no output needs. */
export function rewriteProgram(program: Program, rules: readonly Rule[]): Program {
  const builder = new ProgramBuilder(program.name);
  const first = rules.reduceRight<Emitter>((next, rule) => new RuleEmitter(next, rule), builder);
  const needed = findNeeded(program);
  const values = new Int32Array(needed.length).fill(-1);
  const valueOf = (id: ValueId): ValueId => {
    const found = values[id] ?? -1;
    if (found < 0) throw new InternalError(`value %${String(id)} is missing`);
    return found;
  };
  for (const { id, role, name, shape } of program.inputs) {
    if (needed[id] === 1) values[id] = builder.input(role, name, shape);
  }
  for (const instruction of program.instructions) {
    const { id, origin } = instruction;
    if (needed[id] !== 1) continue;
    const emit = (): ValueId => first.put(withArgs(instruction, instruction.args.map(valueOf)));
    values[id] = origin === undefined ? emit() : builder.within(origin, emit);
  }
  for (const output of program.outputs) builder.output(output.role, output.name, valueOf(output.value));
  return builder.finish();
}

/** The same operation on other operands, of the same shapes. */
export function withArgs({ kind, attributes, shape }: Draft | Instruction, args: readonly ValueId[]): Draft {
  // What goes with a kind still does: TypeScript cannot see that of a union.
  return { kind, args, attributes, shape } as unknown as Draft;
}

class RuleEmitter extends Emitter {
  readonly #next: Emitter;
  readonly #rule: Rule;

  constructor(next: Emitter, rule: Rule) {
    super();
    this.#next = next;
    this.#rule = rule;
  }

  put(instruction: Draft): ValueId {
    return this.#rule(this.#next, instruction);
  }

  definition(value: ValueId): Input | Instruction {
    return this.#next.definition(value);
  }

  get size(): number {
    return this.#next.size;
  }
}
