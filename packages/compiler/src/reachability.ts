/** Which values of a program depend on which: the one question behind costs, verdicts and passes. */
import type { Instruction, Program, ValueId } from '@sbn/program';

/** A set of values that can be asked for its members only: programs have many values, and are asked often. */
export interface Reached {
  readonly size: number;
  readonly has: (value: ValueId) => boolean;
}

/**
 * All values that depend on one of `sources` (which are included), in a program or in a part of one: through instructions
 * that `passes` lets through. `instructions` are in order of definition.
 */
export function descendantsOf(
  instructions: readonly Instruction[],
  sources: readonly ValueId[],
  passes: (instruction: Instruction) => boolean = () => true,
): Reached {
  const first = sources.reduce((least, id) => Math.min(least, id), Infinity);
  const last = Math.max(instructions.at(-1)?.id ?? 0, ...sources);
  // A flag for each value: a set of a hundred thousand numbers takes much longer.
  const isReached = new Uint8Array(last + 1);
  for (const id of sources) isReached[id] = 1;
  let size = new Set(sources).size;
  for (let index = firstAfter(instructions, first); index < instructions.length; index += 1) {
    const instruction = instructions[index];
    if (instruction === undefined || isReached[instruction.id] === 1) continue;
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

/**
 * Which of `targets` depend on one of `sources`, through instructions that `passes` lets through: the same question,
 * where only a few values matter. `instructions` are in order of their numbers.
 */
export function reachedTargets(
  instructions: readonly Instruction[],
  sources: readonly ValueId[],
  targets: readonly ValueId[],
  passes: (instruction: Instruction) => boolean = () => true,
): ReadonlySet<ValueId> {
  const last = Math.max(...targets);
  const between = instructions.slice(0, firstAfter(instructions, last));
  const reached = descendantsOf(between, sources, passes);
  return new Set(targets.filter((target) => reached.has(target)));
}

/** For every latent input of `program`, by name, the values that depend on it. */
export function dependenceOnLatents(program: Program): ReadonlyMap<string, Reached> {
  return new Map(
    program.inputs
      .filter((input) => input.role === 'latent')
      .map((input) => [input.name, descendantsOf(program.instructions, [input.id])]),
  );
}

/** The latent sites that are downstream of each site, in the order of `parents`' keys, the site itself left out. */
export function downstreamSites(
  parents: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const ids = [...parents.keys()];
  return new Map(
    ids.map((id) => {
      const below = new Set([id]);
      for (const [other, direct] of parents) if (direct.some((parent) => below.has(parent))) below.add(other);
      return [id, ids.filter((other) => other !== id && below.has(other))];
    }),
  );
}
