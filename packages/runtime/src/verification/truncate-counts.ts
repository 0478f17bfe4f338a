/**
 * Where counts that do not end are cut, so that they can be counted out and what is left out does not matter. The probability at
 * the cut itself tells how much lies beyond it, far below what is left of 1 by a sum in float64.
 */
import { removeDeadCode, type Artifact, type Program, type SiteInfo } from '@sbn/program';
import { createReferenceEngine } from '../engines/reference.js';
import { blocksOf, ConfigurationRun } from './configuration-run.js';
import {
  checkConfigurations,
  countConfigurations,
  enumerateConfigurations,
  latentVariables,
  MOST_CONFIGURATIONS,
  sitesGivenTo,
} from './configurations.js';
import type { VerificationPoint } from './point.js';

/** The largest value that is enumerated of counts that do not end, by site. */
export type Cuts = ReadonlyMap<string, number>;

export interface Truncation {
  /** The largest value that is enumerated, by site whose counts do not end. */
  readonly cuts: Cuts;
  /** The probability of all that is left out, at the data row where it is largest: 1 − Σ p, rounding included. */
  readonly missing: number;
}

/** The probability that a unit is at its cut, and with it what lies beyond, is brought below this. */
const NEGLIGIBLE = 1e-16;

/** A sum of probabilities that is as near to 1 as this is 1, but for rounding. */
const ROUNDING = 1e-12;

const FIRST_CUT = 3;

/** Latent counts that do not end. */
function endlessSites({ sites }: Artifact): readonly SiteInfo[] {
  return sites.filter(
    ({ role, element, largest }) => role === 'latent' && element.kind === 'count' && largest === undefined,
  );
}

/** The artifact as if its counts ended where they are cut. */
export function cutCounts(artifact: Artifact, cuts: Cuts): Artifact {
  if (cuts.size === 0) return artifact;
  return {
    ...artifact,
    sites: artifact.sites.map((site) => ({ ...site, largest: cuts.get(site.id) ?? site.largest })),
  };
}

/** Where the cuts start: with more configurations than these make, none can be found. */
export function smallestCuts(artifact: Artifact): Cuts {
  return new Map(endlessSites(artifact).map(({ id }) => [id, FIRST_CUT]));
}

/**
 * Grows the cuts until no site is at its cut with more than a probability of 1e-16 and the probabilities sum to 1, or until the
 * configurations would be more than can be counted out: then `missing` says what that costs. A further draw of a site is cut
 * where the site is.
 * @throws SettingsError where there are too many configurations even so, or for real latents.
 */
export async function truncateCounts(artifact: Artifact, point: VerificationPoint): Promise<Truncation> {
  let cuts = smallestCuts(artifact);
  if (cuts.size === 0) return { cuts, missing: 0 };
  checkConfigurations(cutCounts(artifact, cuts));
  for (;;) {
    const { missing, edges } = await measureCuts(artifact, point, cuts);
    const open = [...cuts.keys()].filter((id) => (edges.get(id) ?? 0) > NEGLIGIBLE);
    // The largest probabilities may lie beyond a cut at which there is none yet.
    const wanting = open.length === 0 && missing > ROUNDING ? [...cuts.keys()] : open;
    const grown = growCuts(artifact, wanting, cuts, edges);
    if (grown === undefined) return { cuts, missing };
    cuts = grown;
  }
}

/** Larger cuts for `wanting`, the most needed first, as long as there are not too many configurations; undefined where none fits. */
function growCuts(
  artifact: Artifact,
  wanting: readonly string[],
  cuts: Cuts,
  edges: ReadonlyMap<string, number>,
): Cuts | undefined {
  const edgeOf = (id: string): number => edges.get(id) ?? 0;
  const order = wanting.toSorted((a, b) => edgeOf(b) - edgeOf(a));
  for (const step of [(cut: number) => Math.max(1, Math.floor(cut / 4)), () => 1]) {
    let best = cuts;
    for (const id of order) {
      const cut = best.get(id) ?? FIRST_CUT;
      const larger = new Map(best).set(id, cut + step(cut));
      if (countConfigurations(cutCounts(artifact, larger)) <= MOST_CONFIGURATIONS) best = larger;
    }
    if (best !== cuts) return best;
  }
  return undefined;
}

interface CutMeasure {
  readonly missing: number;
  /** The probability that some unit of the site is at its cut, at the data row where it is largest. */
  readonly edges: ReadonlyMap<string, number>;
}

async function measureCuts(artifact: Artifact, point: VerificationPoint, cuts: Cuts): Promise<CutMeasure> {
  const program = probabilityProgram(artifact);
  const { sites } = cutCounts(artifact, cuts);
  const configurations = enumerateConfigurations(latentVariables(sitesGivenTo(program, sites)));
  const run = await ConfigurationRun.prepare(createReferenceEngine(), program, artifact, point, configurations);
  const edges = new Map<string, number>();
  let missing = 0;
  let probabilities: number[] = [];
  try {
    for (const block of blocksOf(configurations.count, point.rows)) {
      const outputs = await run.run(block, new Float64Array(block.count));
      for (const log of outputs.get('log_probability:latents') ?? []) probabilities.push(Math.exp(log));
      if (probabilities.length < configurations.count) continue;
      missing = Math.max(missing, Math.abs(1 - sumOf(probabilities)));
      for (const [id, cut] of cuts) {
        const column = configurations.values.get(id) ?? new Float64Array();
        const width = column.length / configurations.count;
        const atCut = probabilities.filter((_, row) => column.subarray(row * width, (row + 1) * width).includes(cut));
        edges.set(id, Math.max(edges.get(id) ?? 0, sumOf(atCut)));
      }
      probabilities = [];
    }
  } finally {
    run.dispose();
  }
  return { missing, edges };
}

/** The part of `configuration` that gives the probabilities of the latents. */
function probabilityProgram({ programs: { configuration } }: Artifact): Program {
  const outputs = configuration.outputs.filter(({ role, name }) => role === 'log_probability' && name === 'latents');
  return removeDeadCode({ ...configuration, outputs });
}

/** By Kahan: what is missing from 1 is as small as the rounding of a plain sum. */
function sumOf(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = value - lost;
    const moved = sum + next;
    lost = moved - sum - next;
    sum = moved;
  }
  return sum;
}
