/**
 * Whether a learning signal is what `signal.ts` asks for, decided on what its sums hold. It is sufficient: where the answer is no, each
 * summand has to be looked at. Signals of the sampled pass outside of plates, without a second-order term, are decided so.
 */
import type { ValueId } from '@sbn/program';
import { hasBit } from '../bit-rows.js';
import type { ScoreTerm, SiteExpansion, SiteTerm } from '../estimators/estimator.js';
import { linearTermOf, type Contents, type PartRow, type Summand } from './contents.js';
import { dependenceOnDraw, type Depends, type Evidence } from './evidence.js';

export function holdsAllParts(evidence: Evidence, term: SiteTerm, expansion: SiteExpansion, score: ScoreTerm): boolean {
  const { graph } = evidence;
  if (score.branch !== undefined || score.curvature !== undefined || graph.reach.size > 0) return false;
  const contents = evidence.sums.contentsOf(score.signal);
  if (contents === undefined) return false;
  const depends = dependenceOnDraw(evidence, term, score);
  return (
    holdsCosts(evidence, evidence.reachOf(term).costs, contents, depends) &&
    subtractsLinearTerms(evidence, term, expansion, contents, depends)
  );
}

/** Each cost that the site influences, and of others those alone that do not depend on the draw. */
function holdsCosts(
  { graph, base, sums }: Evidence,
  reached: Uint32Array,
  { plus, minus }: Contents,
  depends: Depends,
): boolean {
  const dependsOn = (place: number): boolean => {
    const cost = graph.costs[place];
    return cost === undefined || depends(base.valueOf(cost.value));
  };
  for (let word = 0; word < sums.costWords; word += 1) {
    const [wanted, added] = [reached[word] ?? 0, plus?.[word] ?? 0];
    if ((wanted & ~added) !== 0) return false;
    if (someBit(added & ~wanted, word, dependsOn) || someBit(minus?.[word] ?? 0, word, dependsOn)) return false;
  }
  return true;
}

/**
 * The own one as often as it is put back, those of sites downstream at will, as their means are zero, and of others those alone that do not
 * depend on the draw. Their slopes must be among those of the expansion, which are held against the draw elsewhere.
 */
function subtractsLinearTerms(
  evidence: Evidence,
  term: SiteTerm,
  expansion: SiteExpansion,
  { plus, minus, others }: Contents,
  depends: Depends,
): boolean {
  const { sites, sums } = evidence;
  const own = sites.get(term.site);
  if (own === undefined) return false;
  const { row } = evidence.reachOf(term);
  const slopes = slopesByPlace(evidence, expansion);
  if (slopes === undefined) return false;
  let subtracted = 0;

  const isFree = (place: number): boolean => {
    const linear = sums.linearAt(place);
    if (linear === undefined) return false;
    if (!hasBit(row, place)) return !depends(linear.value);
    return place !== own.place && slopes[place] === linear.factor;
  };
  const isOwn = (value: ValueId): boolean => {
    const linear = linearTermOf(evidence.builder, value);
    return (
      linear !== undefined &&
      own.site.order === undefined &&
      linear.drawn === evidence.base.latent(term.site) &&
      linear.factor === slopes[own.place] &&
      !depends(linear.reference)
    );
  };
  const countOwn = ({ value, sign }: Summand): boolean => {
    if (!depends(value)) return true;
    if (!isOwn(value)) return false;
    subtracted -= sign;
    return true;
  };
  /** Where the own reference is μ(pa), the term has a bit as those of other sites have. */
  const countOwnBit = (parts: PartRow, sign: 1 | -1): boolean => {
    const linear = sums.linearAt(own.place);
    const isThere = parts !== undefined && hasBit(parts, sums.costWords * 32 + own.place);
    return !isThere || (linear !== undefined && countOwn({ value: linear.value, sign }));
  };
  const areFree = (parts: PartRow): boolean => {
    if (parts === undefined) return true;
    const words = parts.length - sums.costWords;
    for (let word = 0; word < words; word += 1) {
      const isWrong = (place: number): boolean => place !== own.place && !isFree(place);
      if (someBit(parts[sums.costWords + word] ?? 0, word, isWrong)) return false;
    }
    return true;
  };
  if (!areFree(plus) || !areFree(minus)) return false;
  if (!countOwnBit(plus, 1) || !countOwnBit(minus, -1) || !others.every(countOwn)) return false;
  const wanted = expansion.analytic === undefined ? 0 : 1;
  return slopes[own.place] === NO_SLOPE ? subtracted === 0 : subtracted === wanted;
}

const NO_SLOPE = -1;

/** The slope of each site; `undefined` where one has several. */
function slopesByPlace({ sites }: Evidence, { slopes }: SiteExpansion): Int32Array | undefined {
  const values = new Int32Array(sites.size).fill(NO_SLOPE);
  for (const { site, value } of slopes) {
    const place = sites.get(site)?.place;
    if (place === undefined || values[place] !== NO_SLOPE) return undefined;
    values[place] = value;
  }
  return values;
}

/** Whether one of the numbers of a word of a row is as `test` says. */
function someBit(bits: number, word: number, test: (bit: number) => boolean): boolean {
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    if (test(word * 32 + 31 - Math.clz32(rest & -rest))) return true;
  }
  return false;
}
