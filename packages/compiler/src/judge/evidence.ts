/** What the verdicts of a program are decided on, and which of its values are drawn. */
import { at, type Instruction, type ProgramBuilder, type ValueId } from '@sbn/program';
import type { ExtraDraw } from '../draws.js';
import { emptyRow, hasBit, rowOfBits, setBit, spreadBits, type BitRows } from '../bit-rows.js';
import type { ScoreTerm, SiteExpansion, SiteTerm } from '../estimators/estimator.js';
import type { Pass } from '../pass.js';
import { descendantsOf, type Reached } from '../reachability.js';
import { createSumReader, type SumReader } from './contents.js';
import { latentSites, type GraphSite, type StochasticGraph } from '../stochastic-graph.js';

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
  /** The latent sites whose sampled draw a value depends on, by their places among the latent sites; their draws' noise included. */
  readonly sampled: BitRows;
  /** The places of costs, by their values in the sampled pass, and by the places of the sites that they depend on. */
  readonly costs: {
    readonly sampled: ReadonlyMap<ValueId, readonly number[]>;
    readonly reachedBy: readonly (readonly number[])[];
  };
  readonly sites: ReadonlyMap<string, { readonly site: GraphSite; readonly place: number }>;
  /** What each term's site reaches. */
  readonly reachOf: (term: SiteTerm) => Reach;
  /** What is added up to values of the sampled pass. */
  readonly sums: SumReader;
  /** What a gradient reaches that passes through a learning signal or a slope of any site. */
  readonly unstopped: Reached;
}

/** Reads the program once for all sites. */
export function gatherEvidence(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  base: Pass,
  extra: readonly ExtraDraw[],
  expansions: readonly SiteExpansion[],
): Evidence {
  const instructions: Instruction[] = [];
  const noise = new Map<string, ValueId>();
  for (let id = 0; id < builder.size; id += 1) {
    const definition = builder.definition(id);
    if (!('role' in definition)) instructions.push(definition);
    else if (definition.role === 'noise') noise.set(definition.name, id);
  }
  const latents = latentSites(graph);
  const sites = new Map(latents.map((site, place) => [site.id, { site, place }]));
  const seeds = new Map<ValueId, Uint32Array>();
  latents.forEach(({ id }, place) => {
    const input = noise.get(id);
    const row = rowOfBits([place], latents.length);
    seeds.set(base.latent(id), row);
    if (input !== undefined) seeds.set(input, row);
  });
  const costs = gatherCosts(graph, base, sites);
  const sampled = spreadBits(instructions, builder.size, latents.length, seeds);
  return {
    builder,
    graph,
    base,
    instructions,
    noise,
    extra,
    sampled,
    costs,
    sites,
    reachOf: oncePerTerm((term) => findReach(sites, costs.reachedBy, graph.costs.length, term)),
    sums: createSumReader(builder, base, latents, { byValue: costs.sampled, count: graph.costs.length }, sampled),
    unstopped: descendantsOf(instructions, allCoefficients(builder.size, expansions), isDifferentiated),
  };
}

function gatherCosts(graph: StochasticGraph, base: Pass, sites: Evidence['sites']): Evidence['costs'] {
  const reachedBy = Array.from({ length: sites.size }, (): number[] => []);
  graph.costs.forEach(({ dependsOn }, cost) => {
    for (const id of dependsOn) reachedBy[sites.get(id)?.place ?? -1]?.push(cost);
  });
  return { sampled: placesOf(graph, base), reachedBy };
}

/** The signals and slopes of all sites, each once. Each site has slopes of all that are downstream of it. */
function allCoefficients(size: number, expansions: readonly SiteExpansion[]): readonly ValueId[] {
  const isCoefficient = new Uint8Array(size);
  const coefficients: ValueId[] = [];
  const add = (value: ValueId): void => {
    if (isCoefficient[value] === 1) return;
    isCoefficient[value] = 1;
    coefficients.push(value);
  };
  for (const { scores, slopes } of expansions) {
    for (const { signal } of scores) add(signal);
    for (const { value } of slopes) add(value);
  }
  return coefficients;
}

/** What no gradient may pass through. */
export function coefficientsOf({ scores, slopes }: SiteExpansion): readonly ValueId[] {
  return [...scores.map(({ signal }) => signal), ...slopes.map(({ value }) => value)];
}

export function isDifferentiated({ kind }: Instruction): boolean {
  return kind !== 'stop_gradient';
}

/** The site of a term and those downstream of it. */
export interface Reach {
  readonly has: (site: string) => boolean;
  /** By their places among the latent sites. */
  readonly row: Uint32Array;
  /** The costs that they enter, by their places. */
  readonly costs: Uint32Array;
}

function oncePerTerm<T>(compute: (term: SiteTerm) => T): (term: SiteTerm) => T {
  const known = new Map<SiteTerm, T>();
  return (term) => {
    const found = known.get(term) ?? compute(term);
    known.set(term, found);
    return found;
  };
}

function findReach(
  sites: Evidence['sites'],
  reachedBy: Evidence['costs']['reachedBy'],
  countCosts: number,
  { site, downstream }: SiteTerm,
): Reach {
  const row = emptyRow(sites.size);
  const costs = emptyRow(countCosts);
  const add = (id: string): void => {
    const place = sites.get(id)?.place;
    if (place === undefined) return;
    setBit(row, place);
    for (const cost of reachedBy[place] ?? []) setBit(costs, cost);
  };
  add(site);
  for (const id of downstream) add(id);
  return {
    row,
    costs,
    has: (id) => {
      const place = sites.get(id)?.place;
      return place !== undefined && hasBit(row, place);
    },
  };
}

/** The costs that sites enter, by their values in a pass. Several costs can be one value, as in `minimize z + z`. */
export interface ReachedCosts {
  readonly has: (value: ValueId) => boolean;
  /** How many are this value. */
  readonly count: (value: ValueId) => number;
  readonly names: (value: ValueId) => readonly string[];
  readonly values: () => readonly ValueId[];
}

export function costsAt({ graph, base, costs }: Evidence, pass: Pass, reach: Reach): ReachedCosts {
  const places = pass === base ? costs.sampled : placesOf(graph, pass);
  const isReached = (place: number): boolean => hasBit(reach.costs, place);
  const count = (value: ValueId): number => places.get(value)?.filter(isReached).length ?? 0;
  const has = (value: ValueId): boolean => count(value) > 0;
  return {
    has,
    count,
    names: (value) => (places.get(value) ?? []).filter(isReached).map((place) => at(graph.costs, place).name),
    values: () => [...places.keys()].filter(has),
  };
}

function placesOf({ costs }: StochasticGraph, pass: Pass): ReadonlyMap<ValueId, readonly number[]> {
  const places = new Map<ValueId, number[]>();
  costs.forEach(({ value }, place) => {
    const emitted = pass.valueOf(value);
    const found = places.get(emitted);
    if (found === undefined) places.set(emitted, [place]);
    else found.push(place);
  });
  return places;
}

/** Whether a value depends on a sampled draw of the site or of one downstream of it. */
function dependenceOnSampled(evidence: Evidence, term: SiteTerm): Depends {
  const { row } = evidence.reachOf(term);
  return (value) => evidence.sampled.meets(value, row);
}

export type Depends = (value: ValueId) => boolean;

/** Whether a value depends on the draw of a score. */
export function dependenceOnDraw(evidence: Evidence, term: SiteTerm, score: ScoreTerm): Depends {
  if (score.branch === undefined) return dependenceOnSampled(evidence, term);
  return descendantsOf(evidence.instructions, drawsOf(evidence, term, score)).has;
}

/** Whether a value depends on a draw that the estimator of the site has a part in. */
export function dependenceOnDraws(evidence: Evidence, term: SiteTerm): Depends {
  const own = evidence.extra.filter(({ info }) => info.site === term.site);
  const onSampled = dependenceOnSampled(evidence, term);
  if (own.length === 0) return onSampled;
  const further = descendantsOf(
    evidence.instructions,
    own.flatMap(({ value, source }) => [value, source]),
  );
  return (value) => onSampled(value) || further.has(value);
}

/** The values drawn in the sampled pass at the site and downstream of it, and the noise that they are drawn with. */
export function sampledDraws({ base, noise }: Evidence, { site, downstream }: SiteTerm): readonly ValueId[] {
  return [site, ...downstream].flatMap((id) => {
    const input = noise.get(id);
    return input === undefined ? [base.latent(id)] : [base.latent(id), input];
  });
}

/** Every draw that the estimator of the site has a part in. */
export function allDraws(evidence: Evidence, term: SiteTerm): readonly ValueId[] {
  const own = evidence.extra.filter(({ info }) => info.site === term.site);
  return [...sampledDraws(evidence, term), ...own.flatMap(({ value, source }) => [value, source])];
}

/** What the draw of a score is made of: the site's value, those downstream of it, and their noise. */
export function drawsOf(evidence: Evidence, term: SiteTerm, { branch }: ScoreTerm): readonly ValueId[] {
  if (branch === undefined) return sampledDraws(evidence, term);
  return branch.draws.flatMap(({ value, source }) => [value, source]);
}
