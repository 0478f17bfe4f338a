/** Which values of a program depend on which: the one question behind costs, verdicts and passes. */
import type { Instruction, Program, ValueId } from '@sbn/program';

/**
 * All values that depend on one of `sources` (which are included), in a program or in a part of one:
 * `instructions` in order of definition.
 */
export function descendantsOf(instructions: Iterable<Instruction>, sources: Iterable<ValueId>): ReadonlySet<ValueId> {
  const reached = new Set(sources);
  for (const instruction of instructions) {
    if (instruction.args.some((arg) => reached.has(arg))) reached.add(instruction.id);
  }
  return reached;
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
  const first = Math.min(...sources);
  const last = Math.max(...targets);
  const between = instructions.filter(({ id }) => id > first && id <= last);
  const reached = descendantsOf(between.filter(passes), sources);
  return new Set(targets.filter((target) => reached.has(target)));
}

/** For every latent input of `program`, by name, the values that depend on it. */
export function dependenceOnLatents(program: Program): ReadonlyMap<string, ReadonlySet<ValueId>> {
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
