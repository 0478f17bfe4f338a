/** Models with many latent sites: what is emitted for them grows with their number, and not with its square. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, rowOfBits } from '../src/bit-rows.js';
import { compileStages, type CompiledStages } from '../src/index.js';
import { nestSums } from '../src/nest-sums.js';

const CHAIN = `
const L = 3
data x: binary[2]
model {
  h[L] ~ bernoulli(logits = bias(2))
  for l in (L - 1)..1 by -1 { h[l] ~ bernoulli(logits = dense(h[l + 1], 2)) }
  x ~ bernoulli(logits = dense(h[1], 2))
}
guide {
  h[1] ~ bernoulli(logits = dense(x, 2))
  for l in 2..L by 1 { h[l] ~ bernoulli(logits = dense(h[l - 1], 2)) }
}
maximize elbo`;

const INDEPENDENT = `
const L = 3
model { for l in 1..L { h[l] ~ bernoulli(logits = bias(1)) } }
minimize sum([sum(h[l]) for l in 1..L])`;

function compileLong(text: string, length: number, estimator?: string): CompiledStages {
  return compileStages({ name: 'long.sbn', text }, { constants: { L: length }, estimator });
}

function countInstructions(text: string, length: number, estimator: string): readonly number[] {
  const { programs } = compileLong(text, length, estimator);
  if (programs === undefined) throw new Error('the model does not compile');
  const { gradient, evaluate, sample, posterior, configuration, enumeration, profile } = programs;
  const all = [gradient, evaluate, sample, posterior, configuration, enumeration, profile];
  return all.map(({ instructions }) => instructions.length);
}

test.each(['muprop(expansion = trunk)', 'muprop(form = algorithm1)', 'likelihood_ratio'])(
  'every program of a chain with a guide grows by the same for each further site, by %s',
  (estimator) => {
    const [short, middle, long] = [20, 30, 40].map((length) => countInstructions(CHAIN, length, estimator));
    expect(short).toHaveLength(7);
    expect(long?.map((count, index) => count - (middle?.[index] ?? NaN))).toEqual(
      middle?.map((count, index) => count - (short?.[index] ?? NaN)),
    );
  },
);

test('1,000 sites of a loop are judged', { timeout: 120_000 }, () => {
  const source = { name: 'long.sbn', text: INDEPENDENT };
  const { sites, diagnostics } = compileStages(source, { constants: { L: 1000 }, stopAfter: 'judge' });
  expect(diagnostics).toEqual([]);
  expect(sites).toHaveLength(1000);
  expect(new Set(sites?.map(({ verdict }) => verdict?.kind))).toEqual(new Set(['unbiased']));
});

test('1,000 sites of a chain with a guide are judged', { timeout: 120_000 }, () => {
  const source = { name: 'long.sbn', text: CHAIN };
  const { sites, diagnostics } = compileStages(source, { constants: { L: 1000 }, stopAfter: 'judge' });
  expect(diagnostics).toEqual([]);
  const latent = sites?.filter(({ role }) => role === 'latent');
  expect(latent).toHaveLength(1000);
  expect(new Set(latent?.map(({ verdict }) => verdict?.kind))).toEqual(new Set(['unbiased']));
});

test('the parts of nested sums are disjoint, and make up each sum', () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(fc.nat(69)), { maxLength: 12 }), (sets) => {
      const nested = nestSums(
        sets.map((members) => rowOfBits(members, 70)),
        70,
      );
      expect(nested).toHaveLength(sets.length);
      nested.forEach(({ sums, terms }, place) => {
        expect(sums.every((other) => other > place)).toBe(true);
        const members = [...terms, ...sums.flatMap((other) => sets[other] ?? [])];
        expect(members.sort((a, b) => a - b)).toEqual(sets[place]?.toSorted((a, b) => a - b));
      });
    }),
  );
});

test('sums that are nested along a chain have two parts each', () => {
  const rows = [0, 1, 2, 3, 4].map((first) =>
    rowOfBits(
      [first, first + 1, 2, 3, 4, 5].filter((n) => n >= first),
      6,
    ),
  );
  expect(rows.map(bitsOf)[3]).toEqual([3, 4, 5]);
  expect(nestSums(rows, 6)).toEqual([
    { sums: [1], terms: [0] },
    { sums: [2], terms: [1] },
    { sums: [3], terms: [2] },
    { sums: [4], terms: [3] },
    { sums: [], terms: [4, 5] },
  ]);
});

test.each([
  'sum([sum(h[l]) for l in 1..L])',
  'sum([h[l] for l in 1..L])',
  'sum([h[1], h[2]]) + sum(concat(h[3], h[3]))',
])('of minimize %s each site learns from what it is in', (objective) => {
  const text = INDEPENDENT.replace(/minimize .*$/m, `minimize ${objective}`).replace('bias(1)', 'bias(2)');
  const { sites, diagnostics } = compileLong(text, 3);
  expect(diagnostics).toEqual([]);
  const third = objective.includes('concat') ? ['cost 3', 'cost 4'] : ['cost 3'];
  expect(sites?.map(({ costs }) => costs)).toEqual([['cost 1'], ['cost 2'], third]);
});
