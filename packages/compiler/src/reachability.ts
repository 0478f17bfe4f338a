/** Which values of a program depend on which: the one question behind costs, verdicts and passes. */
import { at, type Instruction, type Program, type ValueId } from '@sbn/program';
import { addRow, bitsOf, emptyRow, namesIn, rowOfBits, spreadBits, type BitRows } from './bit-rows.js';

/** A set of values that can be asked for its members only: programs have many values, and are asked often. */
export interface Reached {
  readonly size: number;
  readonly has: (value: ValueId) => boolean;
}

/**
 * All values that depend on one of `sources` (which are included), in a program or in a part of one: through instructions
 * that `passes` lets through, up to the value `until`. `instructions` are in order of definition.
 */
export function descendantsOf(
  instructions: readonly Instruction[],
  sources: readonly ValueId[],
  passes: (instruction: Instruction) => boolean = () => true,
  until: ValueId = instructions.at(-1)?.id ?? 0,
): Reached {
  const first = sources.reduce((least, id) => Math.min(least, id), Infinity);
  const last = sources.reduce((most, id) => Math.max(most, id), until);
  // A flag for each value: a set of a hundred thousand numbers takes much longer.
  const isReached = new Uint8Array(last + 1);
  for (const id of sources) isReached[id] = 1;
  let size = new Set(sources).size;
  for (let index = firstAfter(instructions, first); index < instructions.length; index += 1) {
    const instruction = instructions[index];
    if (instruction === undefined || instruction.id > until) break;
    if (isReached[instruction.id] === 1) continue;
    if (!dependsOn(instruction.args, isReached) || !passes(instruction)) continue;
    isReached[instruction.id] = 1;
    size += 1;
  }
  return { size, has: (id) => isReached[id] === 1 };
}

function dependsOn(args: readonly ValueId[], isReached: Uint8Array): boolean {
  for (const arg of args) if (isReached[arg] === 1) return true;
  return false;
}

/** The place of the first instruction that is defined after a value. */
function firstAfter(instructions: readonly Instruction[], value: ValueId): number {
  let [low, high] = [0, instructions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.id ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Who depends on which latent input of a program, through the program's instructions. */
export interface Dependence {
  /** The latent inputs, in order: a value's row has the places of those that it depends on. */
  readonly names: readonly string[];
  readonly rows: BitRows;
  /** The names of those that one of `values` depends on, in order. */
  readonly latentsOf: (values: readonly ValueId[]) => readonly string[];
  /** For each of them, the instructions that depend on it, in order. */
  readonly dependents: () => ReadonlyMap<string, readonly Instruction[]>;
}

export function dependenceOnLatents({ inputs, instructions }: Program): Dependence {
  const latents = inputs.filter(({ role }) => role === 'latent');
  const names = latents.map(({ name }) => name);
  const seeds = new Map(latents.map(({ id }, place) => [id, rowOfBits([place], names.length)]));
  const rows = spreadBits(instructions, inputs.length + instructions.length, names.length, seeds);
  return {
    names,
    rows,
    latentsOf: (values) => {
      const all = emptyRow(names.length);
      for (const value of values) if (!rows.isEmpty(value)) addRow(all, rows.rowOf(value));
      return namesIn(all, names);
    },
    dependents: () => {
      const found: Instruction[][] = names.map(() => []);
      for (const instruction of instructions) {
        if (rows.isEmpty(instruction.id)) continue;
        for (const place of bitsOf(rows.rowOf(instruction.id))) found[place]?.push(instruction);
      }
      return new Map(names.map((name, place) => [name, at(found, place)]));
    },
  };
}

/**
 * What a site reaches: `own` has a row for each of `parents`' keys, which are in topological order, and gets from each site what those
 * downstream of it have. A site's row then has its own bits and theirs.
 */
export function reachDownstream(
  parents: ReadonlyMap<string, readonly string[]>,
  own: readonly Uint32Array[],
): readonly Uint32Array[] {
  const places = new Map([...parents.keys()].map((id, place) => [id, place]));
  const rows = own.map((row) => row.slice());
  const direct = [...parents.values()];
  // From the last on, so that a site has all of its own before its parents get it.
  for (let place = direct.length - 1; place >= 0; place -= 1) {
    const row = at(rows, place);
    for (const id of at(direct, place)) {
      const parent = places.get(id);
      if (parent !== undefined) addRow(at(rows, parent), row);
    }
  }
  return rows;
}

/** For each of `parents`' keys, in topological order, the places of the site itself and of those downstream of it. */
export function reachedSites(parents: ReadonlyMap<string, readonly string[]>): readonly Uint32Array[] {
  const count = parents.size;
  return reachDownstream(
    parents,
    Array.from({ length: count }, (_, place) => rowOfBits([place], count)),
  );
}

/** The latent sites that are downstream of each site, in the order of `parents`' keys, the site itself left out. */
export function downstreamSites(
  parents: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const ids = [...parents.keys()];
  const rows = reachedSites(parents);
  return new Map(ids.map((id, place) => [id, namesIn(at(rows, place), ids, place)]));
}
