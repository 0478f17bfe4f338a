/**
 * Every estimator on every structure, distribution and objective: the unbiased ones' expectation is the exact gradient, the biased
 * ones' is not, and what cannot be served is said to be so. No Monte Carlo.
 */
import { compile } from '@sbn/compiler';
import { createTfjsEngine, type Engine } from '@sbn/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  BIASED_TABLE,
  EXACT_TABLE,
  MAIN_FORMS,
  NORMALIZED_TABLE,
  SAME_FORMS,
  SPECIAL_TABLE,
  VARIANTS,
  type SpecialRow,
} from './estimator-table.js';
import { OBJECTIVES, type TableModel } from './model-table.js';
import {
  compileCell,
  DISTRIBUTION_NAMES,
  errorOfAll,
  sourceOf,
  STRUCTURE_NAMES,
  TABLE_MODELS,
  verifyCell,
} from './table-check.js';
import { expectBiased, expectExactSum, expectScaled, expectUnbiased } from './table-expectations.js';

test.each(SAME_FORMS)('%s compiles to the programs of %s', (one, other) => {
  const model = { distribution: 'bernoulli', structure: 'skip connection', objective: 'elbo' } as const;
  expect(compileCell(model, other).artifact.programs).toEqual(compileCell(model, one).artifact.programs);
});

describe.each(TABLE_MODELS)('$distribution, $structure, $objective', (model) => {
  const served = (table: readonly SpecialRow[]): readonly string[] =>
    table.filter(({ serves }) => serves.includes(model.distribution)).map(({ estimator }) => estimator);

  // Here each variant meets every distribution and structure under one objective, in turn; in the nightly run under all.
  const turn = STRUCTURE_NAMES.indexOf(model.structure) + DISTRIBUTION_NAMES.indexOf(model.distribution);
  const variants = VARIANTS.filter((_, index) => OBJECTIVES[(index + turn) % OBJECTIVES.length] === model.objective);

  test.each([...MAIN_FORMS, ...variants, ...served(SPECIAL_TABLE)])('%s is unbiased', (estimator) =>
    expectUnbiased(model, estimator),
  );

  test.each(served(EXACT_TABLE))('%s is exact', (estimator) => expectExactSum(model, estimator));

  // No cost of the table is quadratic in a unit, or linear in a site's mean: none is too simple to show the bias.
  test.each(served(BIASED_TABLE))('%s is biased', (estimator) => expectBiased(model, estimator));

  test.each(NORMALIZED_TABLE)('%s is exact up to its scale', (estimator) => expectScaled(model, estimator));

  const refused = [...SPECIAL_TABLE, ...EXACT_TABLE, ...BIASED_TABLE].filter(
    ({ serves }) => !serves.includes(model.distribution),
  );
  test.skipIf(refused.length === 0).each(refused)('$estimator is refused by $refusal', ({ estimator, refusal }) => {
    const { value, diagnostics } = compile(sourceOf(model, estimator));
    expect(value).toBeUndefined();
    expect([...new Set(diagnostics.map(({ code }) => code))]).toEqual([refusal]);
  });
});

interface EngineCell extends TableModel {
  readonly estimator: string;
}

/** Every estimator with every distribution that it serves, in such an order that every structure and objective comes up. */
const DIAGONAL: readonly EngineCell[] = [...MAIN_FORMS, ...VARIANTS, ...SPECIAL_TABLE, ...EXACT_TABLE].flatMap(
  (row, down) => {
    const { estimator, serves } = typeof row === 'string' ? { estimator: row, serves: DISTRIBUTION_NAMES } : row;
    return DISTRIBUTION_NAMES.filter((name) => serves.includes(name)).map((distribution, across) => ({
      estimator,
      distribution,
      structure: STRUCTURE_NAMES[(down + 4 * across) % STRUCTURE_NAMES.length] ?? 'one site',
      objective: OBJECTIVES[(down + Math.floor(down / OBJECTIVES.length) + across) % OBJECTIVES.length] ?? 'loss',
    }));
  },
);

describe('in float32 on wasm', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend: 'wasm' });
  });

  test.each(DIAGONAL)('$distribution, $structure, $objective: $estimator', async ({ estimator, ...model }) => {
    expect(errorOfAll(await verifyCell(compileCell(model, estimator), { engine }))).toBeLessThan(1e-5);
  });
});
