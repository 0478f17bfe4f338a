/** Emits instructions one by one; every shape follows from the operands. */
import { InternalError, ProgramError } from './errors.js';
import { inferShape } from './ops/index.js';
import type { ArgsOf, AttributesOf, BinaryKind, Input, InstructionOf, OpKind, ValueId } from './program.js';
import { broadcastShapes, formatShape, sameShape, type Dim, type Shape } from './shape.js';

/** An instruction without a place in a program. */
export type Draft = { readonly [K in OpKind]: Omit<InstructionOf<K>, 'id' | 'origin'> }[OpKind];

/** Programs are long: what most instructions have none of is one object. */
const NO_ATTRIBUTES = {};

/** An operand that the operation takes. `at` would do, but is given lists of all sorts, which makes it slow. */
export function argAt({ args }: { readonly args: readonly ValueId[] }, place: number): ValueId {
  const arg = args[place];
  if (arg === undefined) throw new InternalError(`operand ${String(place)} of ${String(args.length)}`);
  return arg;
}

export abstract class Emitter {
  /** Adds an instruction whose shape is known: that of the same operation on operands of the same shapes. */
  abstract put(draft: Draft): ValueId;

  /** @throws InternalError for a value that is not defined. */
  abstract definition(value: ValueId): Input | Draft;

  /** How many values are defined so far. */
  abstract get size(): number;

  /** @throws ProgramError when the operands do not fit. */
  emit<K extends OpKind>(kind: K, args: ArgsOf<K>, attributes: AttributesOf<K>): ValueId {
    const values: readonly ValueId[] = args;
    // Not filled by `push`, which takes room for sixteen more: programs are long.
    const operands = values.map((value) => this.shapeOf(value));
    const shape = inferShape(kind, operands, attributes);
    if (typeof shape === 'string') throw new ProgramError(shape, `%${String(this.size)} = ${kind}`);
    const draft: Omit<InstructionOf<K>, 'id' | 'origin'> = { kind, args, attributes, shape };
    // The union over kinds is what it is for any one K; TypeScript cannot see that.
    return this.put(draft as unknown as Draft);
  }

  /** Without attributes, and most often on operands of one shape, which is the result's then. */
  #elementwise(kind: BinaryKind, a: ValueId, b: ValueId): ValueId {
    const shape = this.shapeOf(a);
    if (!sameShape(shape, this.shapeOf(b))) return this.emit(kind, [a, b], NO_ATTRIBUTES);
    return this.put({ kind, args: [a, b], attributes: NO_ATTRIBUTES, shape });
  }

  shapeOf(value: ValueId): Shape {
    return this.definition(value).shape;
  }

  // Shorthands, named as the operations they emit.

  constant(value: number): ValueId {
    return this.emit('constant', [], { shape: [], values: [value] });
  }
  fill(value: number, shape: Shape): ValueId {
    return this.emit('constant', [], { shape, values: [value] });
  }
  add(a: ValueId, b: ValueId): ValueId {
    return this.#elementwise('add', a, b);
  }
  subtract(a: ValueId, b: ValueId): ValueId {
    return this.#elementwise('subtract', a, b);
  }
  multiply(a: ValueId, b: ValueId): ValueId {
    return this.#elementwise('multiply', a, b);
  }
  divide(a: ValueId, b: ValueId): ValueId {
    return this.#elementwise('divide', a, b);
  }
  negate(a: ValueId): ValueId {
    return this.emit('negate', [a], NO_ATTRIBUTES);
  }
  matmul(a: ValueId, b: ValueId): ValueId {
    return this.emit('matmul', [a, b], NO_ATTRIBUTES);
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
    const axes: number[] = [];
    for (let axis = 1; axis < this.shapeOf(a).length; axis += 1) axes.push(axis);
    return this.sum(a, axes);
  }

  /** Mean over rows, `[B]` → `[]`. */
  meanRows(a: ValueId): ValueId {
    return this.divide(this.sum(a, [0]), this.emit('batch_size', [], NO_ATTRIBUTES));
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
