/** Verification on a coin whose gradient and variance are known in closed form; points out of JSON; shrinking. */
import { BATCH, ProgramBuilder, type Artifact, type DataPort, type DataRange } from '@sbn/program';
import { describe, expect, it, test } from 'vitest';
import {
  countConfigurations,
  countSupport,
  createReferenceEngine,
  drawPoint,
  enumerateConfigurations,
  measureVariance,
  readData,
  readParameters,
  readState,
  shrinkConstants,
  toNestedArray,
  verifyGradient,
} from '../src/index.js';
import { port } from './fixtures.js';
import { coinArtifact } from './models.js';

const T = 0.2;
const [ON, OFF] = [(1 - T) ** 2, T ** 2];

/**
 * One coin b ~ bernoulli(σ(eta)) at cost (b − t)², with the likelihood ratio `(f − baseline)(b − σ(eta))`, times `factor`: a
 * factor other than 1 is a bias.
 */
function coin(factor = 1): Artifact {
  const forward = (name: string) => {
    const b = new ProgramBuilder(name);
    const eta = b.input('parameter', 'eta', [1]);
    const value = b.input('latent', 'b', [BATCH, 1]);
    const weight = b.input('weight', 'rows', [BATCH]);
    const cost = b.sumEvent(b.emit('square', [b.subtract(value, b.constant(T))], {}));
    const logits = b.broadcast(eta, [BATCH, 1]);
    const log = b.sumEvent(b.subtract(b.multiply(value, logits), b.emit('softplus', [logits], {})));
    const score = b.subtract(value, b.emit('sigmoid', [logits], {}));
    const weigh = (signal: number): number => {
      const rows = b.reshape(b.multiply(weight, signal), [BATCH, 1]);
      return b.sum(b.multiply(rows, score), [0]);
    };
    return { b, weight, cost, log, weigh };
  };
  const exact = forward('enumeration');
  const share = exact.b.multiply(exact.b.emit('exp', [exact.log], {}), exact.cost);
  exact.b.output('loss', 'total', exact.b.sum(exact.b.multiply(exact.weight, share), [0]));
  exact.b.output('gradient', 'eta', exact.weigh(share));
  const estimate = forward('configuration');
  const signal = estimate.b.subtract(estimate.cost, estimate.b.input('state', 'baseline/b', []));
  estimate.b.output('gradient', 'eta', estimate.weigh(estimate.b.multiply(signal, estimate.b.constant(factor))));
  estimate.b.output('cost', 'total', estimate.cost);
  estimate.b.output('log_probability', 'latents', estimate.log);
  const artifact = coinArtifact(T);
  return {
    ...artifact,
    parameters: artifact.parameters.map((parameter) => ({ ...parameter, shape: [1] })),
    sites: artifact.sites.map((site) => ({ ...site, shape: [1] })),
    programs: { ...artifact.programs, enumeration: exact.b.finish(), configuration: estimate.b.finish() },
  };
}

const at = (eta: number, baseline = 0) => ({
  parameters: { eta: { shape: [1], values: Float64Array.of(eta) } },
  data: {},
  rows: 1,
  state: { 'baseline/b': baseline },
});

describe('the coin', () => {
  const eta = 0.7;
  const p = 1 / (1 + Math.exp(-eta));
  const engine = createReferenceEngine();

  it('has the gradient p(1 − p)(f(1) − f(0))', async () => {
    const { objective, parameters, maxRelativeError } = await verifyGradient(coin(), { engine, ...at(eta) });
    expect(objective).toBeCloseTo(p * ON + (1 - p) * OFF, 14);
    expect(parameters[0]?.exact[0]).toBeCloseTo(p * (1 - p) * (ON - OFF), 14);
    expect(maxRelativeError).toBeLessThan(1e-14);
  });

  // ĝ takes the values (f(1) − c)(1 − p) and −(f(0) − c) p: its variance is p(1 − p) times their difference squared.
  test.each([0, 0.5, 0.4])('has the variance of its two values at the baseline %d', async (baseline) => {
    const measured = await measureVariance(coin(), at(eta, baseline));
    const difference = (ON - baseline) * (1 - p) + (OFF - baseline) * p;
    expect(measured?.total).toBeCloseTo(p * (1 - p) * difference ** 2, 14);
    expect(measured?.variance.get('eta')).toEqual(Float64Array.of(measured?.total ?? NaN));
  });

  it('shows a bias of a hundredth', async () => {
    const { maxRelativeError } = await verifyGradient(coin(1.01), { engine, ...at(eta) });
    expect(maxRelativeError).toBeCloseTo(0.01, 10);
  });

  it('does not take a state that is left out for anything but the initial one', async () => {
    const { state, ...point } = at(eta);
    const [without, zero] = [await measureVariance(coin(), point), await measureVariance(coin(), { ...point, state })];
    expect(without).toEqual(zero);
  });

  it('refuses a point at which the gradient is not finite', async () => {
    await expect(verifyGradient(coin(), { engine, ...at(NaN) })).rejects.toThrow('the exact gradient of eta is NaN');
  });
});

describe('configurations', () => {
  it('that are too many are refused, by the sites that make them so', async () => {
    const artifact = coinArtifact();
    const large = { ...artifact, sites: artifact.sites.map((site) => ({ ...site, shape: [40] })) };
    await expect(verifyGradient(large, { engine: createReferenceEngine(), ...at(0.5) })).rejects.toThrow(
      '2^40 configurations are too many to be counted out',
    );
  });

  const n = { kind: 'value', id: 'n', element: { kind: 'count' }, largest: 2, shape: [2] } as const;
  const k = {
    kind: 'value',
    id: 'k',
    element: { kind: 'onehot', classes: 2 },
    largest: undefined,
    shape: [2],
  } as const;

  it('of counts are all values of all units, up to the largest', () => {
    const { count, values } = enumerateConfigurations([n]);
    expect(count).toBe(9);
    expect([...(values.get('n') ?? [])]).toEqual([0, 0, 1, 0, 2, 0, 0, 1, 1, 1, 2, 1, 0, 2, 1, 2, 2, 2]);
  });

  it('of several sites are all of each beside all of the others', () => {
    const { count, values } = enumerateConfigurations([k, { ...n, largest: 1, shape: [1] }]);
    expect(count).toBe(4);
    expect(values.get('k')).toEqual(Float64Array.of(1, 0, 0, 1, 1, 0, 0, 1));
    expect(values.get('n')).toEqual(Float64Array.of(0, 0, 1, 1));
  });

  it('of counts that do not end are estimated, and of real values there are none', () => {
    expect(countSupport({ ...n, largest: undefined })).toBe(16 ** 2);
    expect(() => countSupport({ ...n, element: { kind: 'real' } })).toThrow('site n has real values');
  });
});

const PORTS: readonly DataPort[] = [
  port('x', 'binary', [3]),
  port('r', 'real', [2, 2]),
  { ...port('y', 'real', [2, 3]), element: { kind: 'onehot', classes: 3 } },
  port('n', 'count', []),
];

function withData(data: readonly DataPort[]): Artifact {
  return { ...coinArtifact(), data };
}

describe('a point that is drawn', () => {
  it('has values of every kind, the same for the same seed alone', () => {
    const { data, rows } = drawPoint(withData(PORTS), { seed: 3, rows: 40 });
    expect(rows).toBe(40);
    expect([...new Set(data['x'])].sort()).toEqual([0, 1]);
    expect(new Set(data['r']).size).toBeGreaterThan(100);
    const y = data['y'] ?? [];
    for (let group = 0; group < y.length; group += 3) {
      expect([...y.slice(group, group + 3)].sort()).toEqual([0, 0, 1]);
    }
    expect([...new Set(data['n'])].sort()).toEqual([0, 1, 2, 3]);
    const few = drawPoint(withData([{ ...port('n', 'count', []), largest: 2 }]), { seed: 3, rows: 40 });
    expect([...new Set(few.data['n'])].sort()).toEqual([0, 1, 2]);
    expect(drawPoint(withData(PORTS), { seed: 3, rows: 40 })).toEqual(
      drawPoint(withData(PORTS), { seed: 3, rows: 40 }),
    );
    expect(drawPoint(withData(PORTS), { seed: 4, rows: 40 }).data).not.toEqual(data);
  });

  it('has data that their distribution can give', () => {
    const numbers = (range: DataRange): readonly number[] => {
      const drawn = drawPoint(withData([{ ...port('r', 'real', [3]), range }]), { seed: 3, rows: 40 });
      return [...(drawn.data['r'] ?? [])];
    };
    expect(Math.min(...numbers('any'))).toBeLessThan(-1);
    for (const range of ['positive', 'non_negative', 'open_unit'] as const) {
      expect(new Set(numbers(range)).size).toBeGreaterThan(100);
      expect(Math.min(...numbers(range))).toBeGreaterThan(0);
    }
    expect(Math.max(...numbers('positive'))).toBeGreaterThan(2);
    expect(Math.max(...numbers('open_unit'))).toBeLessThan(1);

    const totals = { ...port('n', 'count', [2, 3]), range: 'total', largest: 4 } as const;
    const counts = [...(drawPoint(withData([totals]), { seed: 3, rows: 20 }).data['n'] ?? [])];
    expect(counts).toHaveLength(120);
    expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3, 4]));
    for (let group = 0; group < counts.length; group += 3) {
      expect(counts.slice(group, group + 3).reduce((sum, count) => sum + count)).toBe(4);
    }
  });

  it('leaves what belongs to an estimator as it starts', () => {
    const artifact = coinArtifact();
    const own = { name: 's', role: 'estimator', shape: [2], initializer: { kind: 'fill', value: 1 } } as const;
    const position = { line: 1, column: 1, file: undefined };
    const { parameters } = drawPoint(
      { ...artifact, parameters: [...artifact.parameters, { ...own, position }] },
      { seed: 0 },
    );
    expect(parameters['s']?.values).toEqual(Float32Array.of(1, 1));
    expect(parameters['eta']?.values.every((value) => value !== 0)).toBe(true);
  });
});

describe('a point out of JSON', () => {
  const rows = {
    x: [[0, 1, 1]],
    r: [
      [
        [1, 2],
        [3, 4.1],
      ],
    ],
    y: [
      [
        [0, 1, 0],
        [1, 0, 0],
      ],
    ],
    n: [2],
  };

  it('holds rows, in float64', () => {
    const { data, rows: count } = readData(withData(PORTS), rows, 'd.json');
    expect(count).toBe(1);
    expect(data['r']).toEqual(Float64Array.of(1, 2, 3, 4.1));
    expect(data['y']).toEqual(Float64Array.of(0, 1, 0, 1, 0, 0));
  });

  it('may hold one row by itself', () => {
    const single = { x: [0, 1, 1], r: rows.r[0], y: rows.y[0], n: 2 };
    expect(readData(withData(PORTS), single, 'd.json')).toEqual(readData(withData(PORTS), rows, 'd.json'));
  });

  test.each([
    ['another name', { ...rows, z: 1 }, 'the model has no data `z`'],
    ['a name left out', { x: rows.x }, '`r`, `y`, `n` are missing'],
    ['ragged rows', { ...rows, r: [[[1, 2], [3]]] }, 'r[0][1] has 1 items, not 2'],
    ['too few rows', { ...rows, n: [2, 3] }, 'n and x have different numbers of rows: 2 and 1'],
    ['no rows', { ...rows, r: [] }, 'r has 0 items'],
    ['too deep', { ...rows, n: [[2]] }, 'n[0] is an array of 1, not a number'],
    ['not binary', { ...rows, x: [[0, 1, 2]] }, 'row 0, column 2: 2 is neither 0 nor 1'],
    [
      'null',
      {
        ...rows,
        r: [
          [
            [1, null],
            [3, 4],
          ],
        ],
      },
      'r[0][0][1] is null, not a number',
    ],
    ['no object', [1], 'it is no object'],
  ])('is refused for %s', (_, json, said) => {
    expect(() => readData(withData(PORTS), json, 'd.json')).toThrow(said);
    expect(() => readData(withData(PORTS), json, 'd.json')).toThrow('d.json');
  });

  it('holds every parameter of the model', () => {
    const drawn = drawPoint(coin(), { seed: 0 }).parameters;
    expect(readParameters(coin(), { eta: [0.1] }, 'p.json', drawn)['eta']?.values).toEqual(Float64Array.of(0.1));
    expect(() => readParameters(coin(), { etta: [0.1] }, 'p.json', drawn)).toThrow(
      'p.json: the model has no parameter `etta`; did you mean eta?',
    );
    expect(() => readParameters(coin(), { eta: [Infinity] }, 'p.json', drawn)).toThrow('eta[0] is not finite');
    expect(() => readParameters(coin(), {}, 'p.json', drawn)).toThrow('`eta` is missing');
  });

  it('may hold the state', () => {
    expect(readState(coin(), {}, 's.json')).toEqual({});
    expect(readState(coin(), { 'baseline/b': 2 }, 's.json')['baseline/b']?.values).toEqual(Float64Array.of(2));
  });
});

test('nested arrays have the shape of the tensor', () => {
  expect(toNestedArray([1, 2, 3, 4, 5, 6], [2, 3])).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(toNestedArray([7], [])).toBe(7);
  expect(toNestedArray([], [2, 0])).toEqual([[], []]);
});

/** A site of `H` units in `L` layers; `M` must equal `H`; `t` is no size. */
function layers({ H, M, L, t }: Readonly<Record<string, number>>): Artifact | undefined {
  const base = coinArtifact();
  const [site] = base.sites;
  if (site === undefined || H === undefined || L === undefined || t === undefined || H !== M || H < 2) return undefined;
  const sites = Array.from({ length: L }, (_, layer) => ({ ...site, id: `h[${String(layer)}]`, shape: [H] }));
  return { ...base, constants: { H, M, L, t }, sites };
}

describe('shrinking', () => {
  const full = { H: 50, M: 50, L: 3, t: 7 };
  const shrink = (most: number, fixed: readonly string[] = []) => {
    const artifact = layers(full);
    if (artifact === undefined) throw new Error('a model');
    return shrinkConstants(artifact, { most, fixed, compile: (constants) => layers({ ...full, ...constants }) });
  };

  it('changes together what must be equal, and leaves what is no size', () => {
    const shrunk = shrink(4096);
    expect(shrunk?.constants).toEqual({ H: 4, M: 4 });
    expect(shrunk && countConfigurations(shrunk.artifact)).toBe(4096);
  });

  it('goes on to depth where width is not enough', () => {
    expect(shrink(20)?.constants).toEqual({ H: 2, M: 2, L: 2 });
  });

  it('leaves what is fixed, and says so where nothing fits', () => {
    expect(shrink(16, ['L'])).toBeUndefined();
    expect(shrink(4096, ['H'])).toBeUndefined();
  });
});
