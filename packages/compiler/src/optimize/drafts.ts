/** A program while it is rewritten: instructions get the numbers that they keep when it is known which of them are needed. */
import {
  Emitter,
  InternalError,
  type Draft,
  type Input,
  type Instruction,
  type Output,
  type Program,
  type ValueId,
} from '@sbn/program';

/** An instruction of its own, with operands of its own: it can be numbered anew in its place, which saves a copy of a long program. */
interface Written {
  id: ValueId;
  readonly kind: Instruction['kind'];
  readonly args: ValueId[];
  readonly attributes: Instruction['attributes'];
  readonly shape: Instruction['shape'];
  readonly origin: string | undefined;
}

/** Takes instructions until it is finished, and is of no use afterwards. */
export class Drafts extends Emitter {
  /** The origin of the instructions that are put from now on. */
  origin: string | undefined;
  readonly #name: string;
  readonly #inputs: Input[] = [];
  readonly #written: Written[] = [];

  constructor(name: string) {
    super();
    this.#name = name;
  }

  /** Requires that there are no instructions yet. */
  input({ role, name, shape }: Input): ValueId {
    return this.#inputs.push({ id: this.#inputs.length, role, name, shape }) - 1;
  }

  put({ kind, args, attributes, shape }: Draft): ValueId {
    const id = this.size;
    this.#written.push({ id, kind, args: args.slice(), attributes, shape, origin: this.origin });
    return id;
  }

  definition(value: ValueId): Input | Instruction {
    const written = this.#written[value - this.#inputs.length];
    // What goes with a kind still does: TypeScript cannot see that of a union.
    if (written !== undefined) return written as unknown as Instruction;
    const input = this.#inputs[value];
    if (input === undefined) throw new InternalError(`value %${String(value)} is not defined`);
    return input;
  }

  get size(): number {
    return this.#inputs.length + this.#written.length;
  }

  /** All of it, as a program. */
  finish(outputs: readonly Output[]): Program {
    return this.#finish(outputs, new Uint8Array(this.size).fill(1));
  }

  /** What an output needs, as `removeDeadCode` would leave it. */
  finishNeeded(outputs: readonly Output[]): Program {
    const needed = new Uint8Array(this.size);
    for (const { value } of outputs) needed[value] = 1;
    for (let place = this.#written.length - 1; place >= 0; place -= 1) {
      const written = this.#written[place];
      if (written === undefined || needed[written.id] !== 1) continue;
      for (const arg of written.args) needed[arg] = 1;
    }
    return this.#finish(outputs, needed);
  }

  #finish(outputs: readonly Output[], needed: Uint8Array): Program {
    const numbers = new Int32Array(this.size);
    const numberOf = (value: ValueId): ValueId => numbers[value] ?? value;
    let count = 0;
    const inputs: Input[] = [];
    for (const input of this.#inputs) {
      if (needed[input.id] !== 1) continue;
      numbers[input.id] = count;
      inputs.push({ ...input, id: count });
      count += 1;
    }
    const instructions: Written[] = [];
    for (const written of this.#written) {
      if (needed[written.id] !== 1) continue;
      numbers[written.id] = count;
      written.id = count;
      for (let place = 0; place < written.args.length; place += 1) {
        written.args[place] = numberOf(written.args[place] ?? 0);
      }
      instructions.push(written);
      count += 1;
    }
    const numbered = outputs.map((output): Output => ({ ...output, value: numberOf(output.value) }));
    // Nothing is changed from here on, and what goes with a kind still does.
    return { name: this.#name, inputs, instructions: instructions as unknown as Instruction[], outputs: numbered };
  }
}
