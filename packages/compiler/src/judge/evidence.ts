/** What the verdicts of a program are decided on, and which of its values are drawn. */
import type { Instruction, ProgramBuilder, ValueId } from '@sbn/program';
import type { ExtraDraw } from '../draws.js';
import type { ScoreTerm, SiteTerm } from '../estimators/estimator.js';
import type { Pass } from '../pass.js';
import type { StochasticGraph } from '../stochastic-graph.js';

/** What every site of a program is judged by. */
export interface Evidence {
  readonly builder: ProgramBuilder;
  readonly graph: StochasticGraph;
  readonly base: Pass;
  /** All that has been emitted, in order. */
  readonly instructions: readonly Instruction[];
  /** Noise inputs by the site that they are for. */
  readonly noise: ReadonlyMap<string, ValueId>;
  /** Draws beyond those of the sampled pass. */
  readonly extra: readonly ExtraDraw[];
}

/** Reads the program once for all sites. */
export function gatherEvidence(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  base: Pass,
  extra: readonly ExtraDraw[],
): Evidence {
  const instructions: Instruction[] = [];
  const noise = new Map<string, ValueId>();
  for (let id = 0; id < builder.size; id += 1) {
    const definition = builder.definition(id);
    if (!('role' in definition)) instructions.push(definition);
    else if (definition.role === 'noise') noise.set(definition.name, id);
  }
  return { builder, graph, base, instructions, noise, extra };
}

/** The values drawn in the sampled pass at the site and downstream of it, and the noise that they are drawn with. */
export function sampledDraws({ base, noise }: Evidence, { site, downstream }: SiteTerm): readonly ValueId[] {
  return [site, ...downstream].flatMap((id) => {
    const input = noise.get(id);
    return input === undefined ? [base.latent(id)] : [base.latent(id), input];
  });
}

/** What the draw of a score is made of: the site's value, those downstream of it, and their noise. */
export function drawsOf(evidence: Evidence, term: SiteTerm, { branch }: ScoreTerm): readonly ValueId[] {
  if (branch === undefined) return sampledDraws(evidence, term);
  return branch.draws.flatMap(({ value, source }) => [value, source]);
}

/** Every draw that the estimator of the site has a part in. */
export function allDraws(evidence: Evidence, term: SiteTerm): readonly ValueId[] {
  const own = evidence.extra.filter(({ info }) => info.site === term.site);
  return [...sampledDraws(evidence, term), ...own.flatMap(({ value, source }) => [value, source])];
}
