/** Rebuilds a program instruction by instruction: what all passes but the removal of dead code have in common. */
import {
  Emitter,
  findNeeded,
  InternalError,
  type Draft,
  type Input,
  type Output,
  type Program,
  type ValueId,
} from '@sbn/program';
import { withArgs } from '../emit-with-args.js';
import { Drafts } from './drafts.js';
import { createNumbering, type Numbering } from './number-attributes.js';

/**
 * What stands for an instruction whose operands are emitted already: most often the same again, by `next.put`. Ensures the same
 * shape. What a rule emits goes to the rules behind it, and is not seen by itself again.
 */
export type Rule = (next: Emitter, instruction: Draft) => ValueId;

/** What rules ask of the program that they are made for. */
export interface ProgramFacts {
  /** The number of its instructions. */
  readonly length: number;
  /** For what it is rewritten to. */
  readonly numberOf: Numbering;
}

export type CreateRule = (facts: ProgramFacts) => Rule;

/** What a program is rewritten to; dead code that the rules have made is still there. */
export interface Rewritten {
  readonly drafts: Drafts;
  readonly outputs: readonly Output[];
}

/** Passes each instruction through the rules, one behind the other, in a single walk. Leaves out what no output needs. */
export function rewriteProgram(program: Program, rules: readonly CreateRule[]): Rewritten {
  const drafts = new Drafts(program.name);
  const facts: ProgramFacts = { length: program.instructions.length, numberOf: createNumbering() };
  const first = rules.reduceRight<Emitter>((next, create) => new RuleEmitter(next, create(facts), drafts), drafts);
  const needed = findNeeded(program);
  const values = new Int32Array(needed.length).fill(-1);
  const valueOf = (id: ValueId): ValueId => {
    const found = values[id] ?? -1;
    if (found < 0) throw new InternalError(`value %${String(id)} is missing`);
    return found;
  };
  for (const input of program.inputs) {
    if (needed[input.id] === 1) values[input.id] = drafts.input(input);
  }
  for (const instruction of program.instructions) {
    const { id, origin } = instruction;
    if (needed[id] !== 1) continue;
    drafts.origin = origin;
    values[id] = first.put(withArgs(instruction, instruction.args.map(valueOf)));
  }
  const outputs = program.outputs.map((output): Output => ({ ...output, value: valueOf(output.value) }));
  return { drafts, outputs };
}

class RuleEmitter extends Emitter {
  readonly #next: Emitter;
  readonly #rule: Rule;
  /** Where the last rule puts: asked for what is defined, as a way through all the rules is long. */
  readonly #drafts: Drafts;

  constructor(next: Emitter, rule: Rule, drafts: Drafts) {
    super();
    this.#next = next;
    this.#rule = rule;
    this.#drafts = drafts;
  }

  put(instruction: Draft): ValueId {
    return this.#rule(this.#next, instruction);
  }

  definition(value: ValueId): Input | Draft {
    return this.#drafts.definition(value);
  }

  get size(): number {
    return this.#drafts.size;
  }
}
