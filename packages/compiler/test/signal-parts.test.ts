/** A signal is judged by what its sums hold where that is enough, and by each of its summands elsewhere: both come to the same. */
import { ProgramBuilder, sameShape, type ValueId } from '@sbn/program';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumToRows } from '../src/elements.js';
import { ESTIMATORS } from '../src/estimators/index.js';
import type { ScoreTerm, SiteExpansion } from '../src/estimators/estimator.js';
import { expandSites } from '../src/expand/gradient.js';
import { compileStages } from '../src/index.js';
import { holdsAllParts } from '../src/judge/all-parts.js';
import type { Summand } from '../src/judge/contents.js';
import { gatherEvidence, type Evidence } from '../src/judge/evidence.js';
import { findSignalFaults, splitSum, traceSignalFaults } from '../src/judge/signal.js';
import { emitPass, type Pass } from '../src/pass.js';
import { latentSites, type StochasticGraph } from '../src/stochastic-graph.js';

const CHAIN = `data x: binary[2]
model {
  h[3] ~ bernoulli(logits = bias(2))
  for l in 2..1 by -1 { h[l] ~ bernoulli(logits = dense(h[l + 1], 2)) }
  x ~ bernoulli(logits = dense(h[1], 2))
}
guide {
  h[1] ~ bernoulli(logits = dense(x, 2))
  for l in 2..3 { h[l] ~ bernoulli(logits = dense(h[l - 1], 2)) }
}
maximize elbo`;

const FORK = `model {
  z ~ bernoulli(logits = bias(2))
  a ~ bernoulli(logits = dense(z, 1))
  b ~ bernoulli(logits = dense(z, 1))
}
minimize sum(a) + sum(b * a) + sum(z)`;

/** One value is several costs. */
const TWICE = `model {
  z ~ bernoulli(logits = bias(1))
  h ~ bernoulli(logits = dense(z, 1))
  let cost = sum(h)
}
minimize sum(z) + cost + cost`;

const DATA_PLATE = `data x: binary[3, 2]
model {
  z ~ bernoulli(logits = bias(2))
  h ~ bernoulli(logits = dense(z, 2))
  plate i in 3 { x[i] ~ bernoulli(logits = dense(h, 2)) }
}
maximize likelihood`;

const PLATE = `data x: binary[3, 2]
model {
  z ~ bernoulli(logits = bias(2))
  plate i in 3 {
    h[i] ~ bernoulli(logits = dense(z, 2))
    x[i] ~ bernoulli(logits = dense(h[i], 2))
  }
}
maximize likelihood`;

/** Whether what the sums hold is enough for all signals of a model. */
const MODELS = [
  ['a chain with a guide, by the trunk', CHAIN, 'muprop(expansion = trunk)', true],
  ['a chain with a guide, by rollouts', CHAIN, 'muprop(expansion = rollout)', true],
  ['a chain with a guide, by all costs', CHAIN, 'algorithm1', true],
  ['a chain with a guide, without an expansion', CHAIN, 'likelihood_ratio', true],
  ['a fork, by the trunk', FORK, 'muprop(expansion = trunk)', true],
  ['a plate of data', DATA_PLATE, 'muprop(expansion = trunk)', true],
  ['a fork, in the second order', FORK, 'muprop(order = 2)', false],
  ['two draws', FORK, 'muprop(expansion = trunk, draws = 2)', false],
  ['a cost that counts twice', TWICE, 'muprop(expansion = trunk)', false],
  ['a plate of latents', PLATE, 'muprop(expansion = trunk)', false],
] as const;

/** What is done to the summands of a signal, and to what is said of it. */
type Change =
  | { readonly kind: 'drop' | 'repeat' | 'flip'; readonly place: number }
  | { readonly kind: 'add'; readonly place: number; readonly sign: 1 | -1 }
  | { readonly kind: 'swap'; readonly place: number; readonly other: number }
  | { readonly kind: 'forget slope'; readonly place: number }
  | { readonly kind: 'forget analytic term' };

interface Case {
  readonly site: number;
  readonly draw: number;
  readonly changes: readonly Change[];
  /** In which order summands are added up, and how. */
  readonly order: readonly number[];
}

const place = fc.nat(400);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop', 'repeat', 'flip'), place }),
  fc.record({ kind: fc.constant('add'), place, sign: fc.constantFrom(1, -1) }),
  fc.record({ kind: fc.constant('swap'), place, other: place }),
  fc.record({ kind: fc.constant('forget slope'), place }),
  fc.record({ kind: fc.constant('forget analytic term') }),
);
const anyCase = (most: number): fc.Arbitrary<Case> =>
  fc.record({
    site: place,
    draw: fc.nat(1),
    changes: fc.array(change, { maxLength: most }),
    order: fc.array(fc.nat(1000), { minLength: 30, maxLength: 30 }),
  });

interface Judged {
  readonly evidence: Evidence;
  readonly judge: (decide: typeof findSignalFaults) => readonly string[];
  readonly isEnough: boolean;
}

function graphOf(text: string, estimator: string): Pick<ReturnType<typeof compileStages>, 'marginalization' | 'plan'> {
  return compileStages({ name: 'm.sbn', text }, { estimator, stopAfter: 'judge' });
}

/** The signal of one site, changed as the case says, and put together in another way. */
function judgeCase({ marginalization, plan }: ReturnType<typeof graphOf>, wanted: Case): Judged {
  if (marginalization === undefined || plan === undefined) throw new Error('the model does not compile');
  const { graph } = marginalization;
  const builder = new ProgramBuilder('gradient');
  const base = emitPass(builder, graph, '', () => ({ kind: 'sampled' }));
  const { contexts, expansions, extra } = expandSites(builder, graph, plan, ESTIMATORS, base, 'step');
  const index = wanted.site % contexts.length;
  const [context, expansion] = [contexts[index], expansions[index]];
  const scores = expansion?.scores ?? [];
  const draw = wanted.draw % Math.max(1, scores.length);
  const score = scores[draw];
  if (context === undefined || expansion === undefined || score === undefined) throw new Error('no such site');

  const pass = score.branch?.pass ?? base;
  const costs = new Set(graph.costs.map(({ value }) => pass.valueOf(value)));
  const common = score.curvature?.common;
  const whole = { has: (value: ValueId): boolean => costs.has(value) || value === common };
  const summands = [...splitSum(builder, score.signal, whole)];
  const shape = builder.shapeOf(score.signal);
  const pool = [
    ...[...costs].map((value) => sumToRows(builder, value)),
    ...expansions.flatMap(({ scores }) => scores.map(({ signal }) => signal)),
    ...expansions.flatMap(({ scores }) =>
      scores.flatMap(({ signal }) => splitSum(builder, signal, whole).map(({ value }) => value)),
    ),
    ...emitDecoys(builder, graph, pass, expansion),
    ...latentSites(graph).map((site) => sumToRows(builder, builder.sumEvent(base.latent(site.id)))),
    builder.constant(1),
  ].filter((value) => sameShape(builder.shapeOf(value), shape));
  let { slopes, analytic } = expansion;
  for (const made of wanted.changes) {
    const at = 'place' in made ? made.place % Math.max(1, summands.length) : 0;
    const summand = summands[at];
    if (made.kind === 'forget slope') slopes = slopes.filter((_, other) => other !== made.place % slopes.length);
    else if (made.kind === 'forget analytic term') analytic = undefined;
    else if (made.kind === 'add') {
      const value = pool[made.place % pool.length];
      if (value !== undefined) summands.push({ value, sign: made.sign });
    } else if (summand === undefined) continue;
    else if (made.kind === 'drop') summands.splice(at, 1);
    else if (made.kind === 'swap')
      summands[at] = { ...summand, value: pool[made.other % pool.length] ?? summand.value };
    else if (made.kind === 'repeat') summands.push(summand);
    else summands[at] = { ...summand, sign: summand.sign === 1 ? -1 : 1 };
  }
  const signal = addUp(builder, summands, wanted.order) ?? builder.fill(0, shape);
  const changedScore: ScoreTerm = { ...score, signal };
  const changed: SiteExpansion = { ...expansion, slopes, analytic, scores: scores.with(draw, changedScore) };
  const evidence = gatherEvidence(builder, graph, base, extra, expansions.with(index, changed));
  return {
    evidence,
    judge: (decide) => decide(evidence, context.term, changed, changedScore).toSorted(),
    isEnough: holdsAllParts(evidence, context.term, changed, changedScore),
  };
}

/** What looks like a linear term: each slope, with the draw of each site, and with what might be its mean. */
function emitDecoys(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  pass: Pass,
  { slopes }: SiteExpansion,
): readonly ValueId[] {
  const sites = latentSites(graph).filter(({ elements }) => elements === 1);
  const references = sites.flatMap(({ id, mean }) => [
    pass.valueOf(mean),
    pass.latent(id),
    builder.negate(pass.latent(id)),
  ]);
  const isAlike = (a: ValueId, b: ValueId): boolean => sameShape(builder.shapeOf(a), builder.shapeOf(b));
  return slopes.flatMap(({ value: slope }) =>
    sites.flatMap(({ id }) =>
      references.flatMap((reference) => {
        const drawn = pass.latent(id);
        if (!isAlike(drawn, slope) || !isAlike(reference, slope)) return [];
        return builder.sumEvent(builder.multiply(slope, builder.subtract(drawn, reference)));
      }),
    ),
  );
}

/** Neighbours in some order are added or subtracted until there is one value left. */
function addUp(builder: ProgramBuilder, summands: readonly Summand[], order: readonly number[]): ValueId | undefined {
  const rest = summands
    .map((summand, index) => ({ summand, key: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ summand }) => summand);
  for (let step = 0; rest.length > 1; step += 1) {
    const at = (order[step % order.length] ?? 0) % (rest.length - 1);
    const [a, b] = rest.splice(at, 2);
    if (a === undefined || b === undefined) break;
    const value = a.sign === b.sign ? builder.add(a.value, b.value) : builder.subtract(a.value, b.value);
    rest.splice(at, 0, { value, sign: a.sign });
  }
  const [last] = rest;
  return last === undefined ? undefined : last.sign === 1 ? last.value : builder.negate(last.value);
}

describe.each(MODELS)('%s', (_, text, estimator, isEnough) => {
  const stages = graphOf(text, estimator);

  test('a right signal has no fault, however it is put together', () => {
    let decided = 0;
    fc.assert(
      fc.property(anyCase(0), (wanted) => {
        const judged = judgeCase(stages, wanted);
        expect(judged.judge(findSignalFaults)).toEqual([]);
        expect(judged.judge(traceSignalFaults)).toEqual([]);
        if (judged.isEnough) decided += 1;
      }),
      { numRuns: 30 },
    );
    if (isEnough) expect(decided).toBe(30);
    else expect(decided).toBeLessThan(30);
  });

  test('a changed one has the faults that each summand shows', () => {
    let wrong = 0;
    fc.assert(
      fc.property(anyCase(3), (wanted) => {
        const judged = judgeCase(stages, wanted);
        const faults = judged.judge(traceSignalFaults);
        if (faults.length > 0) wrong += 1;
        expect(judged.judge(findSignalFaults)).toEqual(faults);
        if (judged.isEnough) expect(faults).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(wrong).toBeGreaterThan(20);
  });
});
