/** `sbn verify`, `--estimator` and `sbnc check --require-unbiased`, as a user meets them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main as sbn } from '../src/sbn.js';
import { main as sbnc } from '../src/sbnc.js';
import { FakeHost } from './fake-host.js';

const FILES: Readonly<Record<string, string>> = {
  'coin.sbn': 'param eta: real = zeros\nmodel { b ~ bernoulli(logits = eta) }\nminimize (b - 0.2)^2\n',
  'net.sbn': `const H = 60
const N = 50
const t = 9
data x: binary[N]
model {
  h ~ bernoulli(logits = bias(H))
  x ~ bernoulli(logits = dense(h, N) / t)
}
guide { h ~ bernoulli(logits = dense(x, H)) }
maximize elbo
`,
  'literal.sbn': 'model { b ~ bernoulli(logits = bias(30)) }\nminimize mean((b - 0.2)^2)\n',
  'given.sbn': `data x: real[2]
data y: onehot[3]
model {
  h ~ bernoulli(logits = dense(x, 2))
  y ~ categorical(logits = dense(h, 3))
}
maximize likelihood
`,
  'rare.sbn': 'param u: real = zeros\nmodel { n ~ poisson(log_rate = u) }\nminimize n * (n - 1)\n',
  'often.sbn': 'param u: real[3] = zeros\nmodel { n ~ geometric(logits = u) }\nminimize sum(n) ^ 2\n',
  'trials.sbn': 'const N = 200\nparam u: real[2] = zeros\nmodel { n ~ binomial(N, logits = u) }\nminimize sum(n) ^ 2\n',
  'rate.json': '{"u": -0.5}',
  'heavy.json': '{"u": [-7, -7, -7]}',
  'point.json': '{"eta": 0.7}',
  'first.json': '{"x": [0.5, -1.25], "y": [0, 1, 0]}',
  'second.json': '{"x": [[1.5, 2]], "y": [[1, 0, 0]]}',
  'both.json': '{"x": [[0.5, -1.25], [1.5, 2]], "y": [[0, 1, 0], [1, 0, 0]]}',
  'state.json': '{"b.signal.total": 0.25, "b.signal.weight": 0.5}',
};

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-verify-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** `estimator` is passed as one argument: it may hold spaces. */
async function call(line: string, estimator?: string) {
  const [name = '', ...rest] = line.split(' ');
  const host = new FakeHost(folder);
  const given = estimator === undefined ? [] : ['--estimator', estimator];
  const code = await (name === 'sbn' ? sbn : sbnc)(['node', name, ...rest, ...given], host);
  return { code, stdout: host.stdout.text, stderr: host.stderr.text };
}

interface Verified {
  readonly objective: number;
  readonly gradient: Readonly<Record<string, unknown>>;
  readonly estimator: {
    readonly mean: Readonly<Record<string, unknown>>;
    readonly variance: Readonly<Record<string, unknown>>;
    readonly total_variance: number;
  };
  readonly max_relative_error: number;
}

async function verified(line: string, estimator?: string): Promise<Verified> {
  const { stdout } = await call(`sbn verify ${line} --json`, estimator);
  return JSON.parse(stdout) as Verified;
}

describe('sbn verify of sites that are summed out', () => {
  it('makes smaller what is too large to be summed at its own size', async () => {
    const { code, stdout, stderr } = await call('sbn verify net.sbn', 'enumerate');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('net: 32 configurations\nmade smaller by --set H=5 --set N=5\n');
    expect(stdout).toMatch(/^h +enumerate \(32 values; 32 passes .*\) +exact$/m);
  });

  it('leaves sizes that were asked for, and says that they are too large', async () => {
    const { code, stdout, stderr } = await call('sbn verify net.sbn --set H=60', 'enumerate');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('error[SBN4007]: `h` takes 2^60 values');
  });

  it('counts no passes for them in explain: they are in the costs', async () => {
    const { stdout } = await call('sbnc explain net.sbn --set H=2', 'enumerate');
    expect(stdout).toMatch(/depends on it\) +exact$/m);
    expect(stdout).not.toContain('1 more');
  });
});

describe('sbn verify of counts', () => {
  it('cuts what does not end, says where, and gives the closed form all the same', async () => {
    // E[n(n − 1)] = λ², with derivative 2λ² by log λ.
    const rate = Math.exp(-0.5);
    const result = (await verified('rare.sbn --params rate.json')) as Verified & {
      readonly cuts: Readonly<Record<string, number>>;
      readonly missing_probability: number;
    };
    expect(Object.keys(result).slice(-2)).toEqual(['cuts', 'missing_probability']);
    expect(result.objective).toBeCloseTo(rate ** 2, 13);
    expect(result.gradient['u']).toBeCloseTo(2 * rate ** 2, 12);
    expect(result.max_relative_error).toBeLessThan(1e-12);
    expect(result.cuts['n']).toBeGreaterThan(10);
    expect(result.missing_probability).toBeLessThan(1e-14);
    const { code, stdout } = await call('sbn verify rare.sbn --params rate.json');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^rare: \d\d configurations\ncounts cut at n ≤ \d\d: what is left out has probability below 1e-15$/m,
    );
    expect(stdout).toMatch(/^unbiased: /m);
  });

  it('still finds a bias', async () => {
    const { code, stdout } = await call('sbn verify rare.sbn --params rate.json', 'straight_through');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^biased: /m);
  });

  it('concludes nothing where too much would be left out', async () => {
    const { code, stdout, stderr } = await call('sbn verify often.sbn --params heavy.json');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^error: often\.sbn: nothing can be concluded: with counts cut at n ≤ 63, .* has probability 1\.0e\+0\n/,
    );
    expect(stderr).toContain('= hint: choose parameters with smaller means by --params or --seed, or fewer units');
  });

  it('makes a number of trials smaller', async () => {
    const { code, stdout } = await call('sbn verify trials.sbn');
    expect(code).toBe(0);
    expect(stdout).toContain('trials: 36 configurations\nmade smaller by --set N=5\n');
  });
});

describe('sbn verify', () => {
  // f(1) = 0.64, f(0) = 0.04, p = σ(0.7).
  const p = 1 / (1 + Math.exp(-0.7));

  it('gives the closed form of one coin by the likelihood ratio, in exactly these fields', async () => {
    const result = await verified('coin.sbn --params point.json', 'likelihood_ratio(center = none)');
    const gradient = p * (1 - p) * (0.64 - 0.04);
    const variance = p * (1 - p) * (0.64 * (1 - p) + 0.04 * p) ** 2;
    expect(Object.keys(result)).toEqual(['objective', 'gradient', 'estimator', 'max_relative_error']);
    expect(Object.keys(result.estimator)).toEqual(['mean', 'variance', 'total_variance']);
    expect(result.objective).toBeCloseTo(0.64 * p + 0.04 * (1 - p), 14);
    expect(result.gradient['eta']).toBeCloseTo(gradient, 14);
    expect(result.estimator.mean['eta']).toBeCloseTo(gradient, 14);
    expect(result.estimator.variance['eta']).toBeCloseTo(variance, 14);
    expect(result.estimator.total_variance).toBeCloseTo(variance, 14);
    expect(result.max_relative_error).toBeLessThan(1e-14);
  });

  it('holds running means at the state that is given', async () => {
    // total / weight = 0.5 is the baseline: it moves the variance, and not the mean.
    const baseline = 0.5;
    const result = await verified('coin.sbn --params point.json --state state.json', 'likelihood_ratio');
    const difference = (0.64 - baseline) * (1 - p) + (0.04 - baseline) * p;
    expect(result.estimator.mean['eta']).toBeCloseTo(p * (1 - p) * 0.6, 14);
    expect(result.estimator.total_variance).toBeCloseTo(p * (1 - p) * difference ** 2, 12);
  });

  it('ends with 1 where there is a bias, which the compiler has told', async () => {
    const { code, stdout, stderr } = await call('sbn verify net.sbn', 'straight_through');
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^h +straight_through .* biased: /m);
    expect(stdout).toMatch(/^biased: the expectation of the estimator is off by \d\.\de[-+]\d+ of the exact gradient/m);
    expect(stdout).not.toContain('please report');
  });

  it('shows a table, and says by which sizes it was made possible', async () => {
    const { code, stdout, stderr } = await call('sbn verify net.sbn');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('net: 32 configurations\nmade smaller by --set H=5 --set N=5\n');
    expect(stdout).toMatch(/^h +muprop .* unbiased$/m);
    expect(stdout).toMatch(/^guide\.h\.dense\.weight +\[5, 5\] +\S+ +(0|\S+e-1\d) +\d\S+$/m);
    expect(stdout).toMatch(/^all +(0|\S+e-1\d) +\d+\.\d+$/m);
    expect(stdout).toMatch(/^unbiased: .* \(tolerance 1e-8, reference engine/m);
  });

  it('leaves the constants that are given', async () => {
    const { stdout } = await call('sbn verify net.sbn --set H=3');
    expect(stdout).toContain('net: 8 configurations\nparameters drawn');
    expect(stdout).toMatch(/^guide\.h\.dense\.weight +\[50, 3\]/m);
  });

  it('keeps to JSON on stdout where it makes a model smaller', async () => {
    const { code, stdout, stderr } = await call('sbn verify net.sbn --json');
    expect([code, stderr]).toEqual([0, 'net.sbn: made smaller by --set H=5 --set N=5\n']);
    const { gradient } = JSON.parse(stdout) as Verified;
    const weight = gradient['guide.h.dense.weight'] as number[][];
    expect([weight.length, weight[0]?.length]).toEqual([5, 5]);
  });

  it('averages over rows: their variances add up, over the square of their number', async () => {
    const [first, second, both] = [
      await verified('given.sbn --data first.json'),
      await verified('given.sbn --data second.json'),
      await verified('given.sbn --data both.json'),
    ];
    expect(both.objective).toBeCloseTo((first.objective + second.objective) / 2, 12);
    expect(both.estimator.total_variance).toBeCloseTo(
      (first.estimator.total_variance + second.estimator.total_variance) / 4,
      12,
    );
    expect(first.estimator.total_variance).toBeGreaterThan(1e-3);
  });

  it('draws another point for another seed', async () => {
    const [one, same, other] = [
      await verified('given.sbn --seed 1'),
      await verified('given.sbn --seed 1'),
      await verified('given.sbn --seed 2'),
    ];
    expect(one).toEqual(same);
    expect(one.objective).not.toBe(other.objective);
  });

  it('runs on TensorFlow.js, to what float32 allows', async () => {
    const { code, stdout } = await call('sbn verify given.sbn --engine tfjs --backend cpu');
    expect(code).toBe(0);
    expect(stdout).toContain('tolerance 0.0001, tfjs engine: cpu');
  });

  it('takes a gradient that is zero everywhere for what it is', async () => {
    writeFileSync(join(folder, 'flat.sbn'), (FILES['coin.sbn'] ?? '').replace('0.2', '0.5'));
    const { code } = await call('sbn verify flat.sbn', 'likelihood_ratio');
    expect(code).toBe(0);
  });

  it.each([
    ['net.sbn --set H=30', '2^30 configurations are too many', 'it would fit with --set H=5'],
    ['net.sbn --params point.json', '2^60 configurations are too many', 'it would fit with --set H=5 --set N=5'],
    ['literal.sbn', '2^30 configurations are too many', 'const H = 200'],
  ])('%s: says what would fit', async (line, ...said) => {
    const { code, stdout, stderr } = await call(`sbn verify ${line}`);
    expect([code, stdout]).toEqual([1, '']);
    for (const part of said) expect(stderr).toContain(part);
  });

  it.each([
    ['--params', '{"etaa": 0.1}', 'the model has no parameter `etaa`', 'did you mean eta?'],
    ['--params', '{}', '`eta` is missing', 'give every parameter'],
    ['--params', '{"eta": [0.1]}', 'eta is an array of 1, not a number', 'give eta as a number'],
    ['--params', '{"eta": NaN}', 'is not JSON', 'NaN'],
    ['--params', '{"eta": null}', 'eta is null, not a number', 'give eta as a number'],
    ['--params', '{"eta": 1e999}', 'eta is not finite', 'give eta as a number'],
    ['--params', '[0.1]', 'it is no object', '{"name": nested arrays, …}'],
    ['--data', '{"x": [1]}', 'the model has no data `x`', 'hint'],
    ['--state', '{"b.signal.mean": 1}', 'the model has no state `b.signal.mean`', 'b.signal.total'],
  ])('%s %s is refused', async (option, text, ...said) => {
    writeFileSync(join(folder, 'wrong.json'), text);
    const { code, stdout, stderr } = await call(`sbn verify coin.sbn ${option} wrong.json`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: wrong\.json/);
    for (const part of said) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('refuses data of another kind, by row and column', async () => {
    writeFileSync(join(folder, 'wrong.json'), '{"x": [[1, 2]], "y": [[1, 1, 0]]}');
    const { code, stderr } = await call('sbn verify given.sbn --data wrong.json');
    expect(code).toBe(1);
    expect(stderr).toContain('data y, wrong.json, row 0, column 1: 1 is a second 1 in a one-hot vector');
  });
});

describe('--estimator', () => {
  it('is the estimator of a run, and is written down with it', async () => {
    const line = 'sbn run coin.sbn --engine reference --steps 2 --quiet --out run';
    const { code } = await call(line, 'likelihood_ratio(center = none)');
    expect(code).toBe(0);
    const config = JSON.parse(readFileSync(join(folder, 'run', 'config.json'), 'utf8')) as { estimator: string };
    expect(config.estimator).toBe('likelihood_ratio(center = none)');
    const { stdout } = await call('sbnc explain coin.sbn', 'likelihood_ratio(center = none)');
    expect(stdout).toMatch(/^b +latent.*likelihood_ratio \(.*not centred\)/m);
  });

  it('has its mistakes shown in its own text', async () => {
    const { code, stdout, stderr } = await call('sbnc check coin.sbn', 'muprop(ordr = 2)');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('┌─ --estimator:1:8\n1 │ muprop(ordr = 2)\n');
    expect(stderr).toContain('did you mean `order`?');
  });
});

describe('sbnc check --require-unbiased', () => {
  it('refuses a model with a biased site, by its place and the reason', async () => {
    const { code, stdout, stderr } = await call('sbnc check coin.sbn --require-unbiased', 'straight_through');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: coin\.sbn:2:9: the gradient of `b`, by straight_through .* is biased: \S+/);
  });

  it('takes the others, and without it all', async () => {
    expect((await call('sbnc check coin.sbn net.sbn --require-unbiased')).code).toBe(0);
    expect((await call('sbnc check coin.sbn', 'straight_through')).code).toBe(0);
  });
});
