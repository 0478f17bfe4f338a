/** Builds a program instruction by instruction; every shape is checked when it is emitted. */
import { InternalError, ProgramError } from './errors.js';
import { renumberInstruction } from './renumber.js';
import { inferShape } from './ops/index.js';
import {
  portKey,
  type ArgsOf,
  type AttributesOf,
  type Input,
  type InputRole,
  type Instruction,
  type InstructionOf,
  type OpKind,
  type Output,
  type OutputRole,
  type PortKey,
  type Program,
  type ValueId,
} from './program.js';
import { broadcastShapes, formatShape, sameShape, type Dim, type Shape } from './shape.js';

export class ProgramBuilder {
  readonly #name: string;
  readonly #inputs: Input[] = [];
  readonly #inputOf = new Map<PortKey, Input>();
  readonly #definitions: (Input | Instruction)[] = [];
  readonly #outputs: Output[] = [];
  #origin: string | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Inputs are numbered with the other values, and moved to the front by `finish`. */
  input(role: InputRole, name: string, shape: Shape): ValueId {
    const key = portKey({ role, name });
    const found = this.#inputOf.get(key);
    if (found !== undefined) {
      if (!sameShape(found.shape, shape)) {
        throw new InternalError(`input ${role}:${name} is ${formatShape(found.shape)}, not ${formatShape(shape)}`);
      }
      return found.id;
    }
    const input: Input = { id: this.#definitions.length, role, name, shape };
    this.#inputs.push(input);
    this.#inputOf.set(key, input);
    this.#definitions.push(input);
    return input.id;
  }

  /** @throws ProgramError when the operands do not fit. */
  emit<K extends OpKind>(kind: K, args: ArgsOf<K>, attributes: AttributesOf<K>): ValueId {
    const id = this.#definitions.length;
    const shape = inferShape(
      kind,
      args.map((arg) => this.shapeOf(arg)),
      attributes,
    );
    if (typeof shape === 'string') throw new ProgramError(shape, `%${String(id)} = ${kind}`);
    const instruction: InstructionOf<K> = { id, kind, args, attributes, shape, origin: this.#origin };
    // The union over kinds is what `InstructionOf<K>` is for any one K; TypeScript cannot see that.
    this.#definitions.push(instruction as unknown as Instruction);
    return id;
  }

  output(role: OutputRole, name: string, value: ValueId): void {
    this.#outputs.push({ role, name, value });
  }

  shapeOf(value: ValueId): Shape {
    return this.definition(value).shape;
  }

  definition(value: ValueId): Input | Instruction {
    const found = this.#definitions[value];
    if (found === undefined) throw new InternalError(`value %${String(value)} is not defined`);
    return found;
  }

  /** How many values are defined so far. */
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
    const instructions: Instruction[] = [];
    for (const definition of this.#definitions) {
      if ('role' in definition) continue;
      const id = inputs.length + instructions.length;
      renumbered[definition.id] = id;
      instructions.push(renumberInstruction(definition, id, (arg) => lookUp(renumbered, arg)));
    }
    const outputs = this.#outputs.map((output) => ({ ...output, value: lookUp(renumbered, output.value) }));
    return {
      program: { name: this.#name, inputs, instructions, outputs },
      numberOf: (value) => lookUp(renumbered, value),
    };
  }

  // Shorthands, named as the operations they emit.

  constant(value: number): ValueId {
    return this.emit('constant', [], { shape: [], values: [value] });
  }
  fill(value: number, shape: Shape): ValueId {
    return this.emit('constant', [], { shape, values: [value] });
  }
  add(a: ValueId, b: ValueId): ValueId {
    return this.emit('add', [a, b], {});
  }
  subtract(a: ValueId, b: ValueId): ValueId {
    return this.emit('subtract', [a, b], {});
  }
  multiply(a: ValueId, b: ValueId): ValueId {
    return this.emit('multiply', [a, b], {});
  }
  divide(a: ValueId, b: ValueId): ValueId {
    return this.emit('divide', [a, b], {});
  }
  negate(a: ValueId): ValueId {
    return this.emit('negate', [a], {});
  }
  matmul(a: ValueId, b: ValueId): ValueId {
    return this.emit('matmul', [a, b], {});
  }
  sum(a: ValueId, axes: readonly number[], keep = false): ValueId {
    return axes.length === 0 ? a : this.emit('sum', [a], { axes, keep });
  }
  transpose(a: ValueId, permutation: readonly number[]): ValueId {
    return this.emit('transpose', [a], { permutation });
  }
  reshape(a: ValueId, shape: Shape): ValueId {
    return sameShape(this.shapeOf(a), shape) ? a : this.emit('reshape', [a], { shape });
  }
  broadcast(a: ValueId, shape: Shape): ValueId {
    return sameShape(this.shapeOf(a), shape) ? a : this.emit('broadcast', [a], { shape });
  }
  slice(a: ValueId, begin: readonly Dim[], size: readonly Dim[]): ValueId {
    return this.emit('slice', [a], { begin, size });
  }

  /** Sum of everything but the first axis: `[B, …]` → `[B]`. */
  sumEvent(a: ValueId): ValueId {
    return this.sum(
      a,
      this.shapeOf(a)
        .map((_, axis) => axis)
        .slice(1),
    );
  }

  /** Mean over rows, `[B]` → `[]`. */
  meanRows(a: ValueId): ValueId {
    return this.divide(this.sum(a, [0]), this.emit('batch_size', [], {}));
  }

  /** Sums `a` down to `shape`: the adjoint of broadcasting `shape` to the shape of `a`. */
  sumTo(a: ValueId, shape: Shape): ValueId {
    const from = this.shapeOf(a);
    if (sameShape(from, shape)) return a;
    const wide = broadcastShapes(from, shape);
    if (wide === undefined || !sameShape(wide, from)) {
      throw new InternalError(`${formatShape(from)} does not sum to ${formatShape(shape)}`);
    }
    const lead = from.length - shape.length;
    const stretched = from.flatMap((dim, axis) =>
      axis >= lead && shape[axis - lead] === 1 && dim !== 1 ? [axis] : [],
    );
    const kept = this.sum(a, stretched, true);
    return this.sum(
      kept,
      from.slice(0, lead).map((_, axis) => axis),
    );
  }
}

function lookUp(renumbered: Int32Array, value: ValueId): ValueId {
  const found = renumbered[value] ?? -1;
  if (found < 0) throw new InternalError(`value %${String(value)} is used before it is defined`);
  return found;
}
