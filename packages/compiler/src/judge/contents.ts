/**
 * What sums over the sampled pass hold, each read once for all sites: the signals of a long model share most of their parts, and to take
 * each apart by itself takes a time that grows with the square of its length.
 *
 * Ensures: where there are contents, the value is the sum of what they name and of what depends on no sampled draw at all. There are none
 * where a part is counted twice with one sign, and where too much is neither a cost nor a linear term.
 */
import { isBatchDim, type ProgramBuilder, type ValueId } from '@sbn/program';
import { setBit, type BitRows } from '../bit-rows.js';
import { ungroup } from '../elements.js';
import type { Pass } from '../pass.js';
import type { GraphSite } from '../stochastic-graph.js';

export interface Summand {
  readonly value: ValueId;
  readonly sign: 1 | -1;
}

/** A set of costs and of linear terms, as `PartPlaces` numbers them; `undefined` for none. */
export type PartRow = Uint32Array | undefined;

export interface Contents {
  readonly plus: PartRow;
  readonly minus: PartRow;
  /** What is neither. */
  readonly others: readonly Summand[];
}

/** Of these, a signal has its own linear term, and what it has of an estimator that nobody here knows. */
const MOST_OTHERS = 8;

/** g · (x_k − r), summed over the event. */
export interface LinearTerm {
  readonly factor: ValueId;
  readonly drawn: ValueId;
  readonly reference: ValueId;
}

export interface SumReader {
  readonly contentsOf: (value: ValueId) => Contents | undefined;
  /** The number of words in front of a row that are for costs; those of linear terms are behind them. */
  readonly costWords: number;
  /** The linear term g_kᵀ(x_k − μ_k(pa_k)) that the bit of a site's place stands for. */
  readonly linearAt: (place: number) => { readonly value: ValueId; readonly factor: ValueId } | undefined;
}

/** `costs` are the places of costs by their values in the pass `base`; `sampled` says which draws a value depends on. */
export function createSumReader(
  builder: ProgramBuilder,
  base: Pass,
  latents: readonly GraphSite[],
  costs: { readonly byValue: ReadonlyMap<ValueId, readonly number[]>; readonly count: number },
  sampled: BitRows,
): SumReader {
  const costWords = Math.ceil(costs.count / 32);
  const words = costWords + Math.ceil(latents.length / 32);
  const placeOf = new Map(latents.map(({ id }, place) => [base.latent(id), place]));
  const linear = new Map<number, { readonly value: ValueId; readonly factor: ValueId }>();
  const known = new Map<ValueId, Contents | undefined>();

  const single = (bit: number): Contents => {
    const row = new Uint32Array(words);
    setBit(row, bit);
    return { plus: row, minus: undefined, others: [] };
  };
  /** A term of a site that another term stands for already is one of the others. */
  const readLinear = (value: ValueId): Contents | undefined => {
    const term = linearTermOf(builder, value);
    const place = term === undefined ? undefined : placeOf.get(term.drawn);
    const site = latents[place ?? -1];
    if (term === undefined || place === undefined || site === undefined) return undefined;
    if (term.reference !== base.valueOf(site.mean)) return undefined;
    const first = linear.get(place) ?? { value, factor: term.factor };
    linear.set(place, first);
    return first.value === value ? single(costWords * 32 + place) : undefined;
  };
  const readLeaf = (value: ValueId): Contents => {
    const [places, level] = costAt(builder, value, costs.byValue);
    const [place, ...more] = places;
    if (place !== undefined && more.length === 0 && level === 1) return single(place);
    return readLinear(value) ?? { plus: undefined, minus: undefined, others: [{ value, sign: 1 }] };
  };

  const readSum = (value: ValueId, waiting: ValueId[]): void => {
    const sum = costs.byValue.has(value) ? undefined : sumAt(builder, value);
    if (sum === undefined) {
      known.set(value, readLeaf(value));
      return;
    }
    const { first, other } = sum;
    const isKnown = (first === undefined || known.has(first)) && known.has(other);
    if (isKnown) {
      known.set(value, combine(first === undefined ? NOTHING : known.get(first), known.get(other), sum.sign));
      return;
    }
    waiting.push(other);
    if (first !== undefined) waiting.push(first);
  };
  // Sums are as deep as a model is long: those that wait for their parts are kept in a list.
  const readAll = (root: ValueId): void => {
    const waiting = [root];
    for (let value = waiting.at(-1); value !== undefined; value = waiting.at(-1)) {
      if (known.has(value)) waiting.pop();
      else if (sampled.isEmpty(value)) known.set(value, NOTHING);
      else readSum(value, waiting);
    }
  };
  const contentsOf = (root: ValueId): Contents | undefined => {
    if (!known.has(root)) readAll(root);
    return known.get(root);
  };
  return { contentsOf, costWords, linearAt: (place) => linear.get(place) };
}

const NOTHING: Contents = { plus: undefined, minus: undefined, others: [] };

/** first ± other, or −other. */
function sumAt(
  builder: ProgramBuilder,
  value: ValueId,
): { readonly first: ValueId | undefined; readonly other: ValueId; readonly sign: 1 | -1 } | undefined {
  const definition = builder.definition(value);
  if ('role' in definition) return undefined;
  switch (definition.kind) {
    case 'negate':
      return { first: undefined, other: definition.args[0], sign: -1 };
    case 'add':
      return { first: definition.args[0], other: definition.args[1], sign: 1 };
    case 'subtract':
      return { first: definition.args[0], other: definition.args[1], sign: -1 };
    default:
      return undefined;
  }
}

function combine(a: Contents | undefined, b: Contents | undefined, sign: 1 | -1): Contents | undefined {
  if (a === undefined || b === undefined) return undefined;
  const plus = unite(a.plus, sign === 1 ? b.plus : b.minus);
  const minus = unite(a.minus, sign === 1 ? b.minus : b.plus);
  if (plus === 'overlap' || minus === 'overlap' || a.others.length + b.others.length > MOST_OTHERS) return undefined;
  if (b.others.length === 0) return { plus, minus, others: a.others };
  const signed =
    sign === 1 ? b.others : b.others.map((other): Summand => ({ ...other, sign: other.sign === 1 ? -1 : 1 }));
  return { plus, minus, others: a.others.length === 0 ? signed : [...a.others, ...signed] };
}

function unite(a: PartRow, b: PartRow): PartRow | 'overlap' {
  if (a === undefined || b === undefined) return a ?? b;
  const row = new Uint32Array(a.length);
  for (let word = 0; word < row.length; word += 1) {
    const [left, right] = [a[word] ?? 0, b[word] ?? 0];
    if ((left & right) !== 0) return 'overlap';
    row[word] = left | right;
  }
  return row;
}

/** The costs that a value is, or that it is the sum of over elements, and the level of that sum. */
function costAt(
  builder: ProgramBuilder,
  value: ValueId,
  costs: ReadonlyMap<ValueId, readonly number[]>,
): readonly [places: readonly number[], level: number] {
  const [lead] = builder.shapeOf(value);
  if (lead === undefined || !isBatchDim(lead)) return [[], 1];
  const { value: whole, level } = ungroup(builder, value, costs);
  return [costs.get(whole) ?? [], level];
}

/** Takes a linear term apart. */
export function linearTermOf(builder: ProgramBuilder, value: ValueId): LinearTerm | undefined {
  const product = argumentsOf(builder, value, 'sum')?.[0] ?? value;
  const [factor, step] = argumentsOf(builder, product, 'multiply') ?? [];
  if (factor === undefined || step === undefined) return undefined;
  const [drawn, reference] = argumentsOf(builder, step, 'subtract') ?? [];
  return drawn === undefined || reference === undefined ? undefined : { factor, drawn, reference };
}

function argumentsOf(builder: ProgramBuilder, value: ValueId, kind: string): readonly ValueId[] | undefined {
  const definition = builder.definition(value);
  return !('role' in definition) && definition.kind === kind ? definition.args : undefined;
}
