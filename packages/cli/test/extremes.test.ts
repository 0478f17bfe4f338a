/** Every distribution at the ends of its parameters' ranges: finite losses and gradients, on every engine, or an error with its place. */
import { compile } from '@sbn/compiler';
import { at, type Artifact, type PortKey } from '@sbn/program';
import {
  createReferenceEngine,
  createTfjsEngine,
  datasetFromArrays,
  loadModel,
  type Engine,
  type EngineTensor,
  type Values,
} from '@sbn/runtime';
import { beforeAll, describe, expect, it, test } from 'vitest';

interface Extreme {
  readonly distribution: string;
  /** Trained numbers, by parameter; one that is written in `fixed` is not trained. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly fixed?: string;
  /** The kind of data, and a row of them. */
  readonly data: string;
  readonly row: readonly number[];
  /** By how much float32 may miss the float64 loss, relative to it and to 1. */
  readonly tolerance?: number;
}

const E6 = [1e-6, 1e6] as const;

const real = (distribution: string, parameters: Extreme['parameters'], row: readonly number[]): Extreme => ({
  distribution,
  parameters,
  data: 'real',
  row,
});

/** A count of 1e6 takes log Γ of it from numbers of 1e7, which float32 tells apart by 1. */
const COUNT_OF_A_MILLION = 2;

const EXTREMES: readonly Extreme[] = [
  ...[-50, 50].flatMap((logits): Extreme[] => [
    { distribution: 'bernoulli', parameters: { logits }, data: 'binary', row: [0, 1] },
    { distribution: 'geometric', parameters: { logits }, data: 'count', row: [0, 1, 1000] },
    { distribution: 'binomial', parameters: { logits }, fixed: 'trials = 9', data: 'count', row: [0, 4, 9] },
    {
      distribution: 'negative_binomial',
      parameters: { logits, concentration: 2 },
      data: 'count',
      row: [0, 4, 1000],
    },
  ]),
  ...[0, 1].flatMap((probs): Extreme[] => [
    { distribution: 'bernoulli', parameters: { probs }, data: 'binary', row: [0, 1] },
    { distribution: 'geometric', parameters: { probs }, data: 'count', row: [0, 1, 1000] },
    { distribution: 'binomial', parameters: { probs }, fixed: 'trials = 9', data: 'count', row: [0, 4, 9] },
    {
      distribution: 'negative_binomial',
      parameters: { probs, concentration: 2 },
      data: 'count',
      row: [0, 4, 1000],
    },
  ]),
  { distribution: 'poisson', parameters: { rate: 0 }, data: 'count', row: [0, 3] },
  { distribution: 'poisson', parameters: { rate: 1e-6 }, data: 'count', row: [0, 3] },
  { distribution: 'poisson', parameters: { rate: 1e6 }, data: 'count', row: [0, 1e6], tolerance: COUNT_OF_A_MILLION },
  { distribution: 'poisson', parameters: { log_rate: -50 }, data: 'count', row: [0, 3] },
  { distribution: 'poisson', parameters: { log_rate: 50 }, data: 'count', row: [0, 3] },
  ...E6.flatMap((scale): Extreme[] => [
    real('normal', { loc: 1, scale }, [1, 1 + 1e-5, -3]),
    real('laplace', { loc: 1, scale }, [1, 1 + 1e-5, -3]),
    real('lognormal', { loc: 1, scale }, [1e-30, 3, 1e30]),
  ]),
  ...E6.flatMap((rate) => [
    real('exponential', { rate }, [0, 1, 1e6]),
    ...E6.map((concentration) => real('gamma', { concentration, rate }, [1e-6, 1, 1e6])),
  ]),
  real('gamma', { concentration: 1e6, rate: 1e6 }, [0.999, 1, 1.002]),
  ...E6.flatMap((alpha) => E6.map((beta) => real('beta', { alpha, beta }, [1e-6, 0.5, 0.999]))),
  ...[0.001, 0.999].map((mean) => real('beta', { mean, concentration: 1e6 }, [0.001, 0.999])),
  ...E6.flatMap((mean) =>
    E6.map((concentration): Extreme => ({
      distribution: 'negative_binomial',
      parameters: { mean, concentration },
      data: 'count',
      row: [0, 3, 1e6],
    })),
  ),
];

const VECTORS: readonly { readonly call: string; readonly values: readonly number[]; readonly data: string }[] = [
  { call: 'categorical(logits = p)', values: [-50, 50, 0], data: 'onehot[3]' },
  { call: 'categorical(probs = p)', values: [0, 1, 0], data: 'onehot[3]' },
  { call: 'multinomial(trials = 1, logits = p)', values: [-50, 50, 0], data: 'count[3]' },
  { call: 'multinomial(trials = 1, probs = p)', values: [0, 1, 0], data: 'count[3]' },
];

function compileText(text: string): Artifact {
  const { value, diagnostics } = compile({ name: 'extreme.sbn', text });
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return value;
}

function modelOf({ distribution, parameters, fixed, data, row }: Extreme): Artifact {
  const names = Object.keys(parameters);
  const written = [...(fixed === undefined ? [] : [fixed]), ...names.map((name) => `${name} = p_${name}`)];
  return compileText(
    [
      `data x: ${data}[${String(row.length)}]`,
      ...names.map((name) => `param p_${name}: real`),
      `model { x ~ ${distribution}(${written.join(', ')}) }`,
      'maximize likelihood',
    ].join('\n'),
  );
}

/** Loss and gradients, by output. */
async function runGradient(
  engine: Engine,
  artifact: Artifact,
  inputs: ReadonlyMap<PortKey, { readonly shape: readonly number[]; readonly values: readonly number[] }>,
): Promise<ReadonlyMap<string, Values>> {
  const prepared = await engine.prepare(artifact.programs.gradient);
  const tensors = new Map<PortKey, EngineTensor>(
    [...inputs].map(([key, { shape, values }]) => [key, engine.upload(values, shape)]),
  );
  const results = new Map<string, Values>();
  for (const [key, tensor] of await prepared.run(tensors, 1)) {
    if (/^(loss|gradient):/.test(key)) results.set(key, await tensor.download());
  }
  return results;
}

/** Draws of the data from the prior, with uniforms at both ends and between. */
async function expectDraws(
  engine: Engine,
  artifact: Artifact,
  inputs: Parameters<typeof runGradient>[2],
): Promise<void> {
  const prepared = await engine.prepare(artifact.programs.sample);
  const shape = at(artifact.data, 0).shape;
  for (const uniform of [2 ** -24, 0.5, 1 - 2 ** -24]) {
    const tensors = new Map<PortKey, EngineTensor>(
      [...inputs].map(([key, { shape: own, values }]) => [key, engine.upload(values, own)]),
    );
    const noise = Array.from({ length: shape.reduce((count, size) => count * size, 1) }, () => uniform);
    tensors.set('noise:x', engine.upload(noise, [1, ...shape]));
    const drawn = (await prepared.run(tensors, 1)).get('sample:x');
    const values = [...((await drawn?.download()) ?? [])];
    expect(values).toHaveLength(noise.length);
    // What is drawn is data like any other.
    datasetFromArrays(artifact.data, { x: values });
  }
}

async function expectFinite(
  engines: readonly Engine[],
  artifact: Artifact,
  inputs: Parameters<typeof runGradient>[2],
  tolerance = 1e-5,
): Promise<void> {
  const reference = await runGradient(createReferenceEngine(), artifact, inputs);
  await expectDraws(createReferenceEngine(), artifact, inputs);
  const expected = reference.get('loss:total')?.[0] ?? NaN;
  for (const values of reference.values()) for (const value of values) expect(Number.isFinite(value)).toBe(true);
  for (const engine of engines) {
    await expectDraws(engine, artifact, inputs);
    const results = await runGradient(engine, artifact, inputs);
    expect(results.size).toBeGreaterThan(1);
    for (const [key, values] of results) {
      for (const value of values) expect(Number.isFinite(value), `${key} on ${engine.backend}`).toBe(true);
    }
    const loss = results.get('loss:total')?.[0] ?? NaN;
    expect(Math.abs(loss - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
  }
}

describe('finite losses and gradients', () => {
  const engines: Engine[] = [];
  beforeAll(async () => {
    for (const backend of ['wasm', 'cpu']) engines.push(await createTfjsEngine({ backend }));
  });

  it.each(EXTREMES)('$distribution of $parameters', async (extreme) => {
    const { parameters, row, tolerance } = extreme;
    const inputs = new Map<PortKey, { shape: readonly number[]; values: readonly number[] }>([
      ['data:x', { shape: [1, row.length], values: row }],
    ]);
    for (const [name, value] of Object.entries(parameters))
      inputs.set(`parameter:p_${name}`, { shape: [], values: [value] });
    await expectFinite(engines, modelOf(extreme), inputs, tolerance);
  });

  it.each(VECTORS)('$call at $values', async ({ call, values, data }) => {
    const text = `data x: ${data}\nparam p: real[3]\nmodel { x ~ ${call} }\nmaximize likelihood`;
    for (const k of values.keys()) {
      const row = values.map((_, other) => Number(other === k));
      const inputs = new Map([
        ['data:x', { shape: [1, 3], values: row }],
        ['parameter:p', { shape: [3], values }],
      ] as const);
      await expectFinite(engines, compileText(text), inputs);
    }
  });
});

/** Out of its domain by what is computed, which no compiler sees. */
const WRONG: readonly (readonly [call: string, data: string, value: number])[] = [
  ['bernoulli(probs = 1.5 + bias(1))', 'binary[1]', 0],
  ['bernoulli(probs = bias(1) - 0.5)', 'binary[1]', 1],
  ['categorical(probs = bias(1) - 0.5)', 'onehot[1]', 1],
  ['geometric(probs = 1.5 + bias(1))', 'count[1]', 2],
  ['binomial(trials = 3, probs = 1.5 + bias(1))', 'count[1]', 2],
  ['multinomial(trials = 2, probs = bias(1) - 1)', 'count[1]', 2],
  ['poisson(rate = bias(1) - 1)', 'count[1]', 2],
  ['negative_binomial(mean = bias(1) - 1, concentration = 1)', 'count[1]', 2],
  ['negative_binomial(mean = 1, concentration = bias(1) - 1)', 'count[1]', 2],
  ['normal(0, bias(1) - 1)', 'real[1]', 0.5],
  ['laplace(0, bias(1) - 1)', 'real[1]', 0.5],
  ['lognormal(0, bias(1) - 1)', 'real[1]', 0.5],
  ['exponential(bias(1) - 1)', 'real[1]', 0.5],
  ['gamma(1, bias(1) - 1)', 'real[1]', 0.5],
  ['gamma(bias(1) - 1, 1)', 'real[1]', 0.5],
  ['beta(1, bias(1) - 1)', 'real[1]', 0.5],
];

test.each(WRONG)('%s is an error at its place', async (call, data, value) => {
  const artifact = compileText(`data x: ${data}\nmodel {\n  x ~ ${call}\n}\nmaximize likelihood`);
  for (const engine of [createReferenceEngine(), await createTfjsEngine({ backend: 'wasm' })]) {
    const model = await loadModel(artifact, { engine });
    const rows = datasetFromArrays(artifact.data, { x: [value] });
    const step = async (): Promise<number | undefined> => {
      for await (const { loss } of model.train({ data: rows, steps: 1, batch: 1 })) return loss;
      return undefined;
    };
    await expect(step()).rejects.toThrow(/step 1: the term -log p\(x\) \(extreme\.sbn:3:3\) is (NaN|-?Infinity)/);
    model.dispose();
  }
});

test('every distribution is here, in range and out of it', () => {
  const named = (calls: readonly string[]): Set<string> => new Set(calls.map((call) => at(call.split('('), 0)));
  const inRange = new Set([
    ...EXTREMES.map(({ distribution }) => distribution),
    ...named(VECTORS.map(({ call }) => call)),
  ]);
  const outOfRange = named(WRONG.map(([call]) => call));
  expect([...inRange].sort()).toEqual([...outOfRange].sort());
  const { diagnostics } = compile({
    name: 'none.sbn',
    text: 'data x: real\nmodel { x ~ none(1) }\nmaximize likelihood',
  });
  const all = diagnostics.flatMap(({ notes }) => notes).join(' ');
  for (const [, name = ''] of all.matchAll(/`(\w+)`/g)) expect(inRange).toContain(name);
  expect(all).toContain('`bernoulli`');
});
