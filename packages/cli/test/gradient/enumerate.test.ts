/**
 * Sites that are summed out: against the same model with all of its latents drawn and counted out, and against sums that are
 * made here.
 */
import { compile } from '@sbn/compiler';
import type { Artifact } from '@sbn/program';
import {
  countConfigurations,
  createReferenceEngine,
  createTfjsEngine,
  sitesGivenTo,
  verifyGradient,
  type Engine,
} from '@sbn/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { ESTIMATOR_TABLE } from './estimator-table.js';
import { differentiateLikelihood } from './exact-likelihood.js';
import { ALL_MODELS, compileTiny, ENUMERATED_MODELS, pickPoint, readModel, type TinyModel } from './tiny-models.js';

const reference = createReferenceEngine();
const isLikelihood = ({ objective }: Artifact): boolean =>
  objective.kind === 'bound' && objective.name === 'likelihood';

/** Counts that do not end cannot be summed out. */
const isEndless = ({ file }: TinyModel): boolean => ['poisson.sbn', 'geometric.sbn'].includes(file);

test.each(ALL_MODELS.filter(isEndless))('$title is refused', (model) => {
  expect(() => compileTiny(model, 'estimator enumerate')).toThrow('error[SBN4008]');
});

describe.each(ALL_MODELS.filter((model) => !isEndless(model)))('$title, all summed out', (model) => {
  test('nothing is drawn, every verdict is exact, and the variance is none', () => {
    const { sites, programs } = compileTiny(model, 'estimator enumerate');
    for (const { role, verdict } of sites) if (role === 'latent') expect(verdict).toEqual({ kind: 'exact' });
    for (const { inputs } of [programs.gradient, programs.evaluate, programs.configuration]) {
      expect(inputs.filter(({ role }) => ['noise', 'latent', 'state'].includes(role))).toEqual([]);
    }
  });

  test('its gradient is the exact one', async () => {
    const artifact = compileTiny(model, 'estimator enumerate');
    const point = pickPoint(artifact, 7);
    const result = await verifyGradient(artifact, { engine: reference, ...point });
    if (isLikelihood(artifact)) expectLikelihood(model, artifact, result);
    else {
      expect(result.configurations).toBeGreaterThan(1);
      expect(result.maxRelativeError).toBeLessThan(1e-10);
    }
  });
});

/** Several draws at every site that is drawn multiply the configurations. */
const isSmall = (model: TinyModel, estimator: string): boolean => {
  if (!/draws|rloo|disarm/.test(estimator)) return true;
  const artifact = compileTiny(model, estimator);
  return countConfigurations(artifact, sitesGivenTo(artifact.programs.configuration, artifact.sites)) <= 600;
};

describe.each(ENUMERATED_MODELS)('$title', (model) => {
  test.each(ESTIMATOR_TABLE.filter((estimator) => isSmall(model, estimator)))('%s', async (estimator) => {
    const artifact = compileTiny(model, estimator);
    const result = await verifyGradient(artifact, { engine: reference, ...pickPoint(artifact, 7) });
    for (const { role, verdict, estimator: form = '' } of artifact.sites) {
      if (role === 'latent') expect(verdict?.kind).toBe(form.startsWith('enumerate ') ? 'exact' : 'unbiased');
    }
    expect(result.maxRelativeError).toBeLessThan(1e-10);
  });

  test('its objective and gradient are those of a sum made here', async () => {
    const artifact = compileTiny(model);
    if (!isLikelihood(artifact)) return;
    const result = await verifyGradient(artifact, { engine: reference, ...pickPoint(artifact, 7) });
    expectLikelihood(model, artifact, result);
  });
});

/** Of the exact objective's side, which is the marginalised program; the estimator's side was compared with that. */
function expectLikelihood(
  model: TinyModel,
  artifact: Artifact,
  result: {
    readonly objective: number;
    readonly parameters: readonly {
      readonly name: string;
      readonly exact: Float64Array;
      readonly estimated: Float64Array;
    }[];
  },
): void {
  const text = readModel(model.file).replaceAll(' via enumerate', '');
  const drawn = compile({ name: model.file, text }, { constants: model.constants }).value;
  if (drawn === undefined) throw new Error(`${model.file} does not compile with its latents drawn`);
  const summed = artifact.sites.filter(({ verdict }) => verdict?.kind === 'exact').map(({ id }) => id);
  expect(summed).not.toEqual([]);
  const expected = differentiateLikelihood(drawn, new Set(summed), pickPoint(drawn, 7));
  expect(result.objective).toBeCloseTo(expected.objective, 10);
  const scale = Math.max(...[...expected.gradient.values()].flat().map(Math.abs));
  for (const { name, exact, estimated } of result.parameters) {
    const numbers = expected.gradient.get(name) ?? [];
    expect(numbers).toHaveLength(exact.length);
    numbers.forEach((value, index) => {
      expect(Math.abs((exact[index] ?? NaN) - value), name).toBeLessThan(1e-8 * scale);
      expect(Math.abs((estimated[index] ?? NaN) - value), name).toBeLessThan(1e-8 * scale);
    });
  }
}

describe.each(['wasm', 'cpu'] as const)('on the %s engine', (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend });
  });

  test.each(ENUMERATED_MODELS)('$title', async (model) => {
    const artifact = compileTiny(model);
    const { maxRelativeError } = await verifyGradient(artifact, { engine, ...pickPoint(artifact, 7) });
    expect(maxRelativeError).toBeLessThan(1e-5);
  });
});
