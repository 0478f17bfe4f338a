/**
 * The value of a site that reads itself, made unit by unit (ancestral sampling): what the parameters of a unit depend on is made
 * before it. Of each operation between the value and the parameters only the part is emitted that the unit at hand needs, so that a
 * draw of n units from a masked layer takes n products of a row and a column, and not n of the layer.
 */
import { at, isElementwise, type Dim, type Instruction, type ProgramBuilder, type ValueId } from '@sbn/program';
import { DISTRIBUTIONS, type ParameterValues } from '../distributions/index.js';
import { leadOf } from '../elements.js';
import { emitWithArgs } from '../emit-with-args.js';
import type { GraphSite } from '../stochastic-graph.js';
import type { UnitRange } from './order-units.js';

/** What is known of the forward program where the value is made. */
export interface Surroundings {
  /** The instructions between the site's value and its parameters, in order. */
  readonly cone: readonly Instruction[];
  /** What stands for a value that does not depend on the site's. */
  readonly valueOf: (forward: ValueId) => ValueId;
}

/** Emits the cone for a value of the site as a whole, and gives the parameters. */
export function emitCone(
  builder: ProgramBuilder,
  { value, parameters }: Pick<GraphSite, 'value' | 'parameters'>,
  { cone, valueOf }: Surroundings,
  given: ValueId,
): ParameterValues {
  const values = new Map([[value, given]]);
  const resolve = (id: ValueId): ValueId => values.get(id) ?? valueOf(id);
  for (const instruction of cone)
    values.set(instruction.id, emitWithArgs(builder, instruction, instruction.args.map(resolve)));
  return Object.fromEntries(Object.entries(parameters).map(([name, id]) => [name, resolve(id)]));
}

/** `draw` makes the units of a range from their parameters: `[m·B, size, …]`. */
export function emitInOrder(
  builder: ProgramBuilder,
  site: GraphSite,
  ranges: readonly UnitRange[],
  surroundings: Surroundings,
  draw: (parameters: ParameterValues, range: UnitRange) => ValueId,
): ValueId {
  const made = new Pieces(builder);
  for (const range of ranges) {
    const part = new Part(builder, site, surroundings, made, range);
    const parameters = Object.entries(site.parameters).map(([name, id]) => [name, part.narrow(id)] as const);
    made.add(draw(Object.fromEntries(parameters), range));
  }
  return made.join();
}

/** How many pieces are put together at a time. */
const PIECES = 16;

/** The units made so far. Few pieces are joined often, and many seldom: each unit is copied into a longer piece only now and then. */
class Pieces {
  readonly #builder: ProgramBuilder;
  #long: ValueId[] = [];
  #short: ValueId[] = [];

  constructor(builder: ProgramBuilder) {
    this.#builder = builder;
  }

  add(piece: ValueId): void {
    this.#short.push(piece);
    if (this.#short.length < PIECES) return;
    this.#long.push(this.#concat(this.#short));
    this.#short = [];
    if (this.#long.length === PIECES) this.#long = [this.#concat(this.#long)];
  }

  /** All of them, along the axis of units. */
  join(): ValueId {
    return this.#concat([...this.#long, ...this.#short]);
  }

  #concat(pieces: readonly ValueId[]): ValueId {
    return pieces.length === 1 ? at(pieces, 0) : this.#builder.emit('concat', pieces, { axis: 1 });
  }
}

/** The cone for one range of units. Units that are not made yet count as zero: nothing that is asked for depends on them. */
class Part {
  readonly #builder: ProgramBuilder;
  readonly #site: GraphSite;
  readonly #surroundings: Surroundings;
  readonly #cone: ReadonlyMap<ValueId, Instruction>;
  readonly #made: Pieces;
  readonly #range: UnitRange;
  /** The axis of the units, counted from the last. */
  readonly #unitAxis: number;
  readonly #whole = new Map<ValueId, ValueId>();

  constructor(builder: ProgramBuilder, site: GraphSite, surroundings: Surroundings, made: Pieces, range: UnitRange) {
    this.#builder = builder;
    this.#site = site;
    this.#surroundings = surroundings;
    this.#cone = new Map(surroundings.cone.map((instruction) => [instruction.id, instruction]));
    this.#made = made;
    this.#range = range;
    this.#unitAxis = 1 + DISTRIBUTIONS[site.distribution].eventAxes;
  }

  /** The part of a value of the forward program that belongs to the range. */
  narrow(id: ValueId): ValueId {
    const instruction = this.#cone.get(id);
    if (instruction === undefined) return this.#cut(this.#wholeOf(id));
    if (isElementwise(instruction.kind)) {
      return emitWithArgs(
        this.#builder,
        instruction,
        instruction.args.map((arg) => this.narrow(arg)),
      );
    }
    switch (instruction.kind) {
      case 'broadcast': {
        const { shape } = instruction.attributes;
        const axis = shape.length - this.#unitAxis;
        const narrowed = shape.map((dim, other) => (other === axis ? this.#range.size : dim));
        return this.#builder.broadcast(this.narrow(instruction.args[0]), narrowed);
      }
      case 'matmul':
        return this.#unitAxis === 1 ? this.#column(...instruction.args) : this.#cut(this.#wholeOf(id));
      default:
        return this.#cut(this.#wholeOf(id));
    }
  }

  /** The columns of a product. Of the site's own value the units that are made are enough. */
  #column(left: ValueId, right: ValueId): ValueId {
    const columns = this.narrow(right);
    if (left !== this.#site.value) return this.#builder.matmul(this.#wholeOf(left), columns);
    const { start, size } = this.#range;
    if (start === 0) return this.#builder.fill(0, [leadOf(this.#site), size]);
    return this.#builder.matmul(this.#made.join(), this.#builder.slice(columns, [0, 0], [start, size]));
  }

  #wholeOf(id: ValueId): ValueId {
    const known = this.#whole.get(id);
    if (known !== undefined) return known;
    const value = this.#emitWhole(id);
    this.#whole.set(id, value);
    return value;
  }

  #emitWhole(id: ValueId): ValueId {
    if (id === this.#site.value) return this.#filled();
    const instruction = this.#cone.get(id);
    if (instruction === undefined) return this.#surroundings.valueOf(id);
    return emitWithArgs(
      this.#builder,
      instruction,
      instruction.args.map((arg) => this.#wholeOf(arg)),
    );
  }

  /** The site's value with zeros for the units that are not made yet. */
  #filled(): ValueId {
    const { elementShape } = this.#site;
    const { start } = this.#range;
    const rest = [leadOf(this.#site), at(elementShape, 0) - start, ...elementShape.slice(1)];
    const zeros = this.#builder.fill(0, rest);
    return start === 0 ? zeros : this.#builder.emit('concat', [this.#made.join(), zeros], { axis: 1 });
  }

  /** Of a value with the axis of units, or one that is the same for all of them. */
  #cut(value: ValueId): ValueId {
    const shape = this.#builder.shapeOf(value);
    const axis = shape.length - this.#unitAxis;
    if (axis < 0 || shape[axis] === 1 || shape[axis] === this.#range.size) return value;
    const begin: readonly Dim[] = shape.map((_, other) => (other === axis ? this.#range.start : 0));
    const size = shape.map((dim, other) => (other === axis ? this.#range.size : dim));
    return this.#builder.slice(value, begin, size);
  }
}
