/**
 * The Monte-Carlo variances of `sbn profile` against exactly enumerated ones. Where a site's logits have a bias of their own
 * that no other term of the gradient sees, the gradient of one row by that bias is its gradient by the logits, and its exact
 * variance comes out of `measureVariance`, which knows nothing of profiles.
 */
import { compile } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import {
  createReferenceEngine,
  createTfjsEngine,
  datasetFromArrays,
  drawPoint,
  measureVariance,
  profileGradients,
  verifyGradient,
  type Centring,
  type Dataset,
  type GradientProfile,
  type VerificationPoint,
} from '@sbn/runtime';
import { beforeAll, describe, expect, test } from 'vitest';

interface Case {
  readonly title: string;
  readonly text: string;
  /** The parameter that is added to the logits of each site. */
  readonly biases: Readonly<Record<string, string>>;
  readonly isSmall: boolean;
}

const CASES: readonly Case[] = [
  {
    title: 'two layers of Bernoullis with a guide',
    text: `data x: binary[4]
model {
  h2 ~ bernoulli(logits = bias(2))
  h1 ~ bernoulli(logits = dense(h2, 3))
  x ~ bernoulli(logits = dense(h1, 4))
}
guide {
  h1 ~ bernoulli(logits = dense(x, 3))
  h2 ~ bernoulli(logits = dense(h1, 2))
}
maximize elbo`,
    biases: { h1: 'guide.h1.dense.bias', h2: 'guide.h2.dense.bias' },
    isSmall: false,
  },
  {
    title: 'one-hot values, the first with logits that rows share',
    text: `data x: binary[4]
model {
  y ~ categorical(logits = bias(3))
  z ~ categorical(logits = dense(y, 3))
  x ~ bernoulli(logits = dense(concat(y, z), 4))
}
maximize likelihood`,
    biases: { y: 'model.y.bias', z: 'model.z.dense.bias' },
    isSmall: true,
  },
  {
    title: 'logits of fewer axes than the value',
    text: `data x: binary[3]
param common: real[1] = zeros
param own: real[2, 2] = zeros
model {
  h ~ bernoulli(logits = common + own)
  x ~ bernoulli(logits = dense(flatten(h), 3))
}
maximize likelihood`,
    biases: { h: 'own' },
    isSmall: true,
  },
];

const CENTRED = ['muprop(order = 1)', 'second_order', 'algorithm1', 'likelihood_ratio'];
const ESTIMATORS = [...CENTRED, 'straight_through', 'half'];
/** These draw a site again, which squares the number of its configurations. */
const SEVERAL = ['rloo', 'muprop(order = 1, draws = 2)'];

/** Two kinds of rows, so that a centre for all rows is not the best one for each. */
const KINDS = 2;
const COPIES = 1000;
/** Few draws per row, so that a mistake of the order of 1 / draws shows. */
const DRAWS = 20;

function compileText(text: string, estimator: string): Artifact {
  const source = { name: 'model.sbn', text };
  const { value, diagnostics } = compile(source, { estimator });
  if (value === undefined) throw new Error(renderDiagnostics(source, diagnostics, { color: false }));
  return value;
}

/** Row `kind` of the point. */
function rowOf(point: VerificationPoint, kind: number): VerificationPoint {
  const data = Object.entries(point.data).map(([name, values]) => {
    const width = values.length / point.rows;
    return [name, values.slice(kind * width, (kind + 1) * width)] as const;
  });
  return { ...point, data: Object.fromEntries(data), rows: 1 };
}

function copiesOf(artifact: Artifact, point: VerificationPoint): Dataset {
  const columns = Object.entries(point.data).map(([name, values]) => {
    return [name, Array.from({ length: COPIES }, () => [...values]).flat()] as const;
  });
  return datasetFromArrays(artifact.data, Object.fromEntries(columns));
}

/** The exact variance of one row's gradient by a parameter, its elements summed, with `baseline` as the running mean. */
async function exactVariance(
  artifact: Artifact,
  point: VerificationPoint,
  site: string,
  parameter: string,
  baseline: number,
): Promise<number> {
  const state = { [`${site}.signal.total`]: baseline, [`${site}.signal.weight`]: 1 };
  const isCentred = artifact.state.some(({ name }) => name === `${site}.signal.total`);
  const measured = await measureVariance(artifact, isCentred ? { ...point, state } : point);
  const variance = measured?.variance.get(parameter);
  if (variance === undefined) throw new Error(`no parameter ${parameter}`);
  return variance.reduce((sum, value) => sum + value, 0);
}

/** v(b) = v₀ + v₁b + v₂b²: a centre is a baseline, so three baselines give the variance with every centre. */
interface Parabola {
  readonly v0: number;
  readonly v1: number;
  readonly v2: number;
}

const least = ({ v0, v1, v2 }: Parabola): number => v0 - v1 ** 2 / (4 * v2);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function exactCentred(
  artifact: Artifact,
  point: VerificationPoint,
  site: string,
  parameter: string,
): Promise<Readonly<Record<Centring, number>>> {
  const rows: Parabola[] = [];
  for (let kind = 0; kind < KINDS; kind += 1) {
    const at = (baseline: number): Promise<number> =>
      exactVariance(artifact, rowOf(point, kind), site, parameter, baseline);
    const [below, v0, above] = [await at(-1), await at(0), await at(1)];
    rows.push({ v0, v1: (above - below) / 2, v2: (above + below) / 2 - v0 });
  }
  const average: Parabola = {
    v0: mean(rows.map(({ v0 }) => v0)),
    v1: mean(rows.map(({ v1 }) => v1)),
    v2: mean(rows.map(({ v2 }) => v2)),
  };
  return { none: average.v0, constant: least(average), perRow: mean(rows.map(least)) };
}

/** Relative. The noise is below 0.025; what is off by the order of 1 / DRAWS = 0.05 shows. */
const TOLERANCE = 0.03;

function expectNear(found: number, exact: number, tolerance: number, what: string): void {
  expect(exact, what).toBeGreaterThan(1e-6);
  expect(Math.abs(found / exact - 1), what).toBeLessThan(tolerance);
}

const CENTRINGS: readonly Centring[] = ['none', 'constant', 'perRow'];

describe.each(CASES)('$title', ({ text, biases, isSmall }) => {
  const estimators = isSmall ? [...ESTIMATORS, ...SEVERAL] : ESTIMATORS;
  const artifacts = new Map(estimators.map((name) => [name, compileText(text, name)]));
  const compiled = (name: string): Artifact => artifacts.get(name) ?? compileText(text, name);
  const point = drawPoint(compiled('algorithm1'), { seed: 5, rows: KINDS });
  let profile: GradientProfile;

  beforeAll(async () => {
    const candidates = [...artifacts].map(([name, artifact]) => ({ name, artifact }));
    const { parameters } = point;
    const data = copiesOf(compiled('algorithm1'), point);
    const engine = await createTfjsEngine({ backend: 'wasm' });
    const counts = { rows: KINDS * COPIES, batch: 500, draws: DRAWS, warmUp: 0, timedSteps: 1 };
    profile = await profileGradients(candidates, { engine, parameters, data, ...counts, seed: 1 });
  }, 120_000);

  const cases = Object.entries(biases).flatMap(([site, parameter]) =>
    estimators.map((estimator) => ({ site, parameter, estimator })),
  );

  test.each(cases)('$site by $estimator', async ({ site, parameter, estimator }) => {
    const exact = await exactCentred(compiled(estimator), point, site, parameter);
    const found = profile.sites.find((each) => each.site === site);
    const own = found?.estimators.find(({ name }) => name === estimator);
    if (found === undefined || own === undefined) throw new Error(`no ${site} by ${estimator}`);
    for (const centring of CENTRED.includes(estimator) ? CENTRINGS : (['none'] as const)) {
      expectNear(own[centring].variance.mean, exact[centring], TOLERANCE, centring);
      // The reference of all estimators is the likelihood ratio itself.
      if (estimator !== 'likelihood_ratio') continue;
      expectNear(found.likelihoodRatio[centring].mean, exact[centring], TOLERANCE, `reference, ${centring}`);
      expect(own[centring].shareRemoved.mean).toBeCloseTo(0, 6);
    }
  });

  test.each(Object.entries(biases))('%s has the signal that the exact expectation has', async (site, parameter) => {
    for (const estimator of ['second_order', 'straight_through', 'half']) {
      const squares: number[] = [];
      for (let kind = 0; kind < KINDS; kind += 1) {
        const verified = await verifyGradient(compiled(estimator), {
          engine: createReferenceEngine(),
          ...rowOf(point, kind),
        });
        const mean = verified.parameters.find(({ name }) => name === parameter)?.estimated ?? new Float64Array([NaN]);
        squares.push(mean.reduce((sum, value) => sum + value * value, 0));
      }
      const own = profile.sites.find((each) => each.site === site)?.estimators.find(({ name }) => name === estimator);
      if (own === undefined) throw new Error(`no ${site} by ${estimator}`);
      expectNear(own.signal.mean, mean(squares), 0.05, estimator);
      expect(own.none.signalToNoise).toBeCloseTo(Math.sqrt(own.signal.mean / own.none.variance.mean), 12);
    }
  });
});

test('where the slope has nothing to do with the difference, MuProp adds variance, and says so', async () => {
  // 1 − 2t = 0.002 is the difference, 2(θ − t) the slope: at θ = σ(1) it is 0.464.
  const text = `param eta: real[3] = zeros
model { b ~ bernoulli(logits = eta) }
minimize mean((b - 0.499)^2)`;
  const [muprop, ratio] = [compileText(text, 'muprop(order = 1)'), compileText(text, 'likelihood_ratio')];
  const candidates = [{ name: 'muprop', artifact: muprop }];
  const engine = await createTfjsEngine({ backend: 'wasm' });
  const counts = { rows: 500, draws: 20, batch: 500, warmUp: 0, timedSteps: 1 };
  const eta = { shape: [3], values: Float64Array.of(1, 1, 1) };
  const { sites } = await profileGradients(candidates, { engine, parameters: { eta }, ...counts });
  const point: VerificationPoint = { parameters: { eta }, data: {}, rows: 1 };
  const [ofMuprop, ofRatio] = [
    await exactCentred(muprop, point, 'b', 'eta'),
    await exactCentred(ratio, point, 'b', 'eta'),
  ];
  const { shareRemoved, variance } = sites[0]?.estimators[0]?.constant ?? {};
  expectNear(variance?.mean ?? NaN, ofMuprop.constant, TOLERANCE, 'variance');
  expect(shareRemoved?.mean).toBeLessThan(-1000);
  expectNear(1 - (shareRemoved?.mean ?? NaN), ofMuprop.constant / ofRatio.constant, TOLERANCE, 'share');
});
