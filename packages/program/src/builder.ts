/** Builds a program instruction by instruction; every shape is checked when it is emitted. */
import { Emitter, type Draft } from './emitter.js';
import { InternalError } from './errors.js';
import { renumberInstruction } from './renumber.js';
import {
  type Input,
  type InputRole,
  type Instruction,
  type Output,
  type OutputRole,
  type Program,
  type ValueId,
} from './program.js';
import { formatShape, sameShape, type Shape } from './shape.js';

export class ProgramBuilder extends Emitter {
  readonly #name: string;
  readonly #inputs: Input[] = [];
  /** By role and name. */
  readonly #inputsOf = new Map<InputRole, Map<string, Input>>();
  readonly #definitions: (Input | Instruction)[] = [];
  readonly #outputs: Output[] = [];
  #origin: string | undefined;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  /** Inputs are numbered with the other values, and moved to the front by `finish`. */
  input(role: InputRole, name: string, shape: Shape): ValueId {
    const ofRole = this.#inputsOf.get(role) ?? new Map<string, Input>();
    if (ofRole.size === 0) this.#inputsOf.set(role, ofRole);
    const found = ofRole.get(name);
    if (found !== undefined) {
      if (!sameShape(found.shape, shape)) {
        throw new InternalError(`input ${role}:${name} is ${formatShape(found.shape)}, not ${formatShape(shape)}`);
      }
      return found.id;
    }
    const input: Input = { id: this.#definitions.length, role, name, shape };
    this.#inputs.push(input);
    ofRole.set(name, input);
    this.#definitions.push(input);
    return input.id;
  }

  put({ kind, args, attributes, shape }: Draft): ValueId {
    const id = this.#definitions.length;
    // What goes with a kind still does: TypeScript cannot see that of a union.
    this.#definitions.push({ id, kind, args, attributes, shape, origin: this.#origin } as unknown as Instruction);
    return id;
  }

  output(role: OutputRole, name: string, value: ValueId): void {
    this.#outputs.push({ role, name, value });
  }

  definition(value: ValueId): Input | Instruction {
    const found = this.#definitions[value];
    if (found === undefined) throw new InternalError(`value %${String(value)} is not defined`);
    return found;
  }

  get size(): number {
    return this.#definitions.length;
  }

  /** Runs `build` with every instruction it emits marked as made for `origin`. */
  within<T>(origin: string, build: () => T): T {
    const outer = this.#origin;
    this.#origin = origin;
    try {
      return build();
    } finally {
      this.#origin = outer;
    }
  }

  /**
   * The program with values numbered as they were built, inputs among them: for a pass that numbers them anew, or only reads, as it
   * saves a copy of a long program. Nothing else takes it; `finish` has the program that the rules speak of.
   */
  asBuilt(): Program {
    const instructions: Instruction[] = [];
    for (const definition of this.#definitions) if (!('role' in definition)) instructions.push(definition);
    return { name: this.#name, inputs: [...this.#inputs], instructions, outputs: [...this.#outputs] };
  }

  /** The program, with inputs first and values renumbered in that order. */
  finish(): Program {
    return this.finishNumbered().program;
  }

  /** The program, and what number each of the builder's values has in it. */
  finishNumbered(): { readonly program: Program; readonly numberOf: (value: ValueId) => ValueId } {
    const renumbered = new Int32Array(this.#definitions.length).fill(-1);
    const inputs = this.#inputs.map(({ id, role, name, shape }, index): Input => {
      renumbered[id] = index;
      return { id: index, role, name, shape };
    });
    const numberOf = (value: ValueId): ValueId => lookUp(renumbered, value);
    // Programs are long: where the inputs come first, instructions stay as they are.
    const isInOrder = this.#inputs.every(({ id }, index) => id === index);
    const instructions: Instruction[] = [];
    for (const definition of this.#definitions) {
      if ('role' in definition) continue;
      const id = inputs.length + instructions.length;
      renumbered[definition.id] = id;
      instructions.push(isInOrder ? definition : renumberInstruction(definition, id, numberOf));
    }
    const outputs = this.#outputs.map((output) => ({ ...output, value: numberOf(output.value) }));
    return { program: { name: this.#name, inputs, instructions, outputs }, numberOf };
  }
}

function lookUp(renumbered: Int32Array, value: ValueId): ValueId {
  const found = renumbered[value] ?? -1;
  if (found < 0) throw new InternalError(`value %${String(value)} is used before it is defined`);
  return found;
}
