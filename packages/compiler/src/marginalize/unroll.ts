/**
 * The forward program with summed-out sites in every of their values: each operation is emitted once for each assignment of
 * the summed-out sites that it depends on, and once where it depends on none.
 *
 * Most of what depends on such a site alone is the same for all rows. It is emitted at one row, and stretched where it
 * meets what differs between rows.
 */
import { InternalError, isBatchDim, type Instruction, type ProgramBuilder, type ValueId } from '@sbn/program';
import { emitWithArgs } from '../emit-with-args.js';
import { dependenceOnLatents } from '../reachability.js';
import type { GraphSite, StochasticGraph } from '../stochastic-graph.js';
import { atOneRow, fitsUnstretched, shapeAtOneRow, stretchRows } from './one-row.js';
import { planRows } from './plan-rows.js';
import { assignmentsOf, valueAt, type Assignment } from './supports.js';

export interface Unrolled {
  /** The value where the sites that it depends on have the values of the assignment: for all rows, or at one that stands for all. */
  readonly at: (forward: ValueId, assignment: Assignment) => ValueId;
  /** The same for all rows. */
  readonly allRowsAt: (forward: ValueId, assignment: Assignment) => ValueId;
  /** m of a value of the forward program, `[m·B, …]`. */
  readonly elementsOf: (forward: ValueId) => number;
}

/** Emits all that the values `needed` of the graph's forward program depend on. `sites` are those to be unrolled. */
export function unroll(
  builder: ProgramBuilder,
  { forward }: StochasticGraph,
  sites: readonly GraphSite[],
  needed: readonly ValueId[],
): Unrolled {
  const { latentsOf } = dependenceOnLatents(forward);
  const sitesOf = new Map<ValueId, readonly GraphSite[]>();
  for (const { id } of [...forward.inputs, ...forward.instructions]) {
    const latents = new Set(latentsOf([id]));
    sitesOf.set(
      id,
      sites.filter((site) => latents.has(site.id)),
    );
  }
  const shapes = new Map([...forward.inputs, ...forward.instructions].map(({ id, shape }) => [id, shape]));
  const plan = planRows(forward, new Set(sites.map(({ id }) => id)), needed);
  /** Copies of each value by assignment, at all rows and at one. */
  const copies = { all: new Map<string, ValueId>(), one: new Map<string, ValueId>() };
  const keyOf = (id: ValueId, assignment: Assignment): string =>
    [id, ...(sitesOf.get(id) ?? []).map((site) => assignment.get(site.id))].join(' ');
  const stretched = (id: ValueId, copy: ValueId): ValueId => stretchRows(builder, copy, shapes.get(id) ?? []);

  const at = (id: ValueId, assignment: Assignment): ValueId => {
    const key = keyOf(id, assignment);
    const copy = copies.all.get(key) ?? copies.one.get(key);
    if (copy === undefined) throw new InternalError(`%${String(id)} is read before it is unrolled`);
    return copy;
  };
  const allRowsAt = (id: ValueId, assignment: Assignment): ValueId => {
    const key = keyOf(id, assignment);
    const found = copies.all.get(key);
    if (found !== undefined) return found;
    const copy = stretched(id, at(id, assignment));
    copies.all.set(key, copy);
    return copy;
  };
  const oneRowAt = (id: ValueId, assignment: Assignment): ValueId =>
    copies.one.get(keyOf(id, assignment)) ?? at(id, assignment);

  const emitAll = (instruction: Instruction, assignment: Assignment): ValueId => {
    const args = instruction.args.map((arg) => at(arg, assignment));
    if (fitsUnstretched(builder, instruction, args)) return emitWithArgs(builder, instruction, args);
    return emitWithArgs(
      builder,
      instruction,
      instruction.args.map((arg) => allRowsAt(arg, assignment)),
    );
  };
  const emitOne = (instruction: Instruction, assignment: Assignment): ValueId =>
    emitWithArgs(
      builder,
      atOneRow(instruction),
      instruction.args.map((arg) => oneRowAt(arg, assignment)),
    );

  for (const input of forward.inputs) {
    const site = input.role === 'latent' ? sites.find(({ id }) => id === input.name) : undefined;
    if (site === undefined) {
      copies.all.set(keyOf(input.id, new Map()), builder.input(input.role, input.name, input.shape));
      continue;
    }
    for (const assignment of assignmentsOf([site])) {
      // Elements of a plate are summed apart, so all of them can take the value at once.
      const value = valueAt(site, assignment.get(site.id) ?? 0);
      const values = Array.from({ length: site.elements }, () => value).flat();
      const shape = shapeAtOneRow(input.shape).filter((dim) => !isBatchDim(dim));
      const constant = builder.within(site.id, () => builder.emit('constant', [], { shape, values }));
      copies.one.set(keyOf(input.id, assignment), constant);
    }
  }
  for (const instruction of forward.instructions) {
    const { id, origin } = instruction;
    const emit = (): void => {
      for (const assignment of assignmentsOf(sitesOf.get(id) ?? [])) {
        const key = keyOf(id, assignment);
        if (plan.atOneRow.has(id)) copies.one.set(key, emitOne(instruction, assignment));
        if (plan.atAllRows.has(id)) copies.all.set(key, emitAll(instruction, assignment));
      }
    };
    if (origin === undefined) emit();
    else builder.within(origin, emit);
  }
  const elementsOf = (id: ValueId): number => {
    const dim = shapes.get(id)?.[0];
    return dim !== undefined && isBatchDim(dim) ? dim.batch : 1;
  };
  return { at, allRowsAt, elementsOf };
}
