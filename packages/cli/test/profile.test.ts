/** `sbn profile` as a user meets it. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main as sbn } from '../src/sbn.js';
import { FakeHost, Recorder } from './fake-host.js';

const PATTERNS = `const H = 3
data x: binary[4]
model {
  h2 ~ bernoulli(logits = bias(2))
  h1 ~ bernoulli(logits = dense(h2, H))
  x ~ bernoulli(logits = dense(h1, 4))
}
guide {
  h1 ~ bernoulli(logits = dense(x, H))
  h2 ~ bernoulli(logits = dense(h1, 2))
}
maximize elbo
train {
  data x = bars(n = 2)
  batch = 6
  steps = 40
}
`;

/** The slope at the mean has nothing to do with the difference: a learned scale takes it away. */
const TOY = `const t = 0.499
param eta: real[5] = zeros
model { b ~ bernoulli(logits = eta + 1) }
minimize mean((b - t)^2)
`;

const FILES: Readonly<Record<string, string>> = {
  'patterns.sbn': PATTERNS,
  'toy.sbn': TOY,
  'mixed.sbn': PATTERNS.replace('h2 ~ bernoulli(logits = dense(h1, 2))', '$& via half'),
  'bare.sbn': PATTERNS.replace(/train \{[\s\S]*/, ''),
  'plain.sbn':
    'data x: binary[2]\nparam l: real[2] = zeros\nmodel { x ~ bernoulli(logits = l) }\nmaximize likelihood\n',
};

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-profile-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const run = (line: string, ...rest: string[]) => call(`run ${line} --engine reference --quiet`, ...rest);
  await run('patterns.sbn --out runs/patterns');
  await run('patterns.sbn --out runs/nvil', '--estimator', 'nvil');
  await run(
    'toy.sbn --steps 600 --lr 0.003 --batch 20 --out runs/scale',
    '--estimator',
    'muprop(order = 1, scale = learned)',
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** `rest` are arguments that may hold spaces. */
async function call(line: string, ...rest: string[]) {
  const host = new FakeHost(folder, new Recorder({ columns: 100 }));
  const code = await sbn(['node', 'sbn', ...line.split(' '), ...rest], host);
  return { code, stdout: host.stdout.text, stderr: host.stderr.text };
}

const profile = (line: string, ...rest: string[]) =>
  call(`profile --engine reference --draws 12 --warmup 3 ${line}`, ...rest);

interface Centred {
  readonly variance: number;
  readonly standard_error: number;
  readonly share_removed: number;
  readonly share_standard_error: number;
  readonly signal_to_noise: number;
}

interface Profiled {
  readonly checkpoint: { readonly path: string; readonly step: number } | null;
  readonly estimators: readonly { readonly name: string; readonly step_ms: number }[];
  readonly sites: readonly {
    readonly site: string;
    readonly elements: number;
    readonly likelihood_ratio: Readonly<Record<string, Pick<Centred, 'variance' | 'standard_error'>>>;
    readonly estimators: readonly {
      readonly name: string;
      readonly form: string;
      readonly verdict: string;
      readonly as_it_stands: Centred;
      readonly constant: Centred;
      readonly per_row: Centred;
    }[];
  }[];
}

async function profiled(line: string, ...rest: string[]): Promise<Profiled> {
  const { stdout } = await profile(`${line} --json`, ...rest);
  return JSON.parse(stdout) as Profiled;
}

describe('sbn profile', () => {
  it('shows a table for each latent site of a run, with the parameters and data of the run', async () => {
    const { code, stdout, stderr } = await profile('runs/patterns');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^patterns: parameters of runs\/patterns, after 40 steps$/m);
    expect(stdout).toMatch(/^6 rows, 12 draws of each, seed 0\nsteps of 6 rows, warm-up of 3 steps; reference/m);
    expect(stdout).toMatch(/^the model's own +\d+\.\d+ ms +unbiased$/m);
    expect(stdout).toMatch(/^h1: bernoulli \[3\], given x$/m);
    expect(stdout).toMatch(/^h2: bernoulli \[2\], given h1$/m);
    expect(stdout).toMatch(/^ {2}likelihood ratio( +\S+ ±\S+%){3}$/m);
    const centred = String.raw`\S+ ±\S+% +-?[\d.]+%`;
    expect(stdout).toMatch(new RegExp(`^ {2}the model's own +${centred} +<?[\\d.]+ +${centred} +${centred}$`, 'm'));
  });

  it('puts estimators side by side, and fits into 100 columns however long their names are', async () => {
    const list = 'muprop, straight_through, algorithm1, muprop(order = 2, scale = learned, residual = plain)';
    const { code, stdout } = await profile('runs/patterns', '--compare', list);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\(2\) +straight_through +\S+ ms +biased at h1, h2$/m);
    expect(stdout).toMatch(/^\(4\) +muprop\(order = 2, scale = learned, residual = plain\) +\S+ ms +unbiased$/m);
    expect(stdout.match(/^ {2}\(4\) /gm)).toHaveLength(2);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('gives JSON in exactly these fields', async () => {
    const result = await profiled('runs/patterns', '--compare', 'muprop,nvil');
    expect(Object.keys(result)).toEqual(
      'model constants checkpoint rows draws batch warm_up timed_steps seed engine estimators sites'.split(' '),
    );
    expect(result.checkpoint).toEqual({ path: 'runs/patterns', step: 40 });
    expect(result.estimators.map(({ name }) => name)).toEqual(['muprop', 'nvil']);
    const [h1] = result.sites;
    expect(Object.keys(h1 ?? {})).toEqual(['site', 'elements', 'likelihood_ratio', 'estimators']);
    expect([h1?.site, h1?.elements]).toEqual(['h1', 3]);
    const [muprop, nvil] = h1?.estimators ?? [];
    expect(Object.keys(muprop ?? {})).toEqual('name form verdict signal as_it_stands constant per_row'.split(' '));
    expect(muprop?.verdict).toBe('unbiased');
    expect(nvil?.form).toContain('nvil');
    for (const centring of ['as_it_stands', 'constant', 'per_row'] as const) {
      const own = muprop?.[centring];
      const reference = h1?.likelihood_ratio[centring]?.variance ?? NaN;
      expect(own?.share_removed).toBeCloseTo(1 - (own?.variance ?? NaN) / reference, 12);
    }
  });

  it('takes the checkpoint of a model file from a run or from a file alone, whichever estimator trained it', async () => {
    mkdirSync(join(folder, 'apart'));
    cpSync(join(folder, 'runs/patterns/checkpoint.safetensors'), join(folder, 'apart/some.safetensors'));
    const compare = ['--compare', 'likelihood_ratio'];
    const ofRun = await profiled('runs/patterns', ...compare);
    const ofFolder = await profiled('patterns.sbn --checkpoint runs/patterns', ...compare);
    const ofFile = await profiled('patterns.sbn --checkpoint apart/some.safetensors', ...compare);
    expect(ofFolder.sites).toEqual(ofRun.sites);
    expect(ofFile.sites).toEqual(ofRun.sites);
    const ofNvil = await profiled('patterns.sbn --checkpoint runs/nvil', ...compare);
    expect(ofNvil.checkpoint?.path).toBe('runs/nvil');
    expect(ofNvil.sites).not.toEqual(ofRun.sites);
    const fresh = await profiled('patterns.sbn', ...compare);
    expect(fresh.checkpoint).toBeNull();
    expect(fresh.sites).not.toEqual(ofRun.sites);
  });

  it('says where the parameters are those of no training', async () => {
    const { stdout } = await profile('patterns.sbn --seed 4');
    expect(stdout).toMatch(/^patterns: parameters as initialised with seed 4: there is no --checkpoint$/m);
  });

  it('starts the running means and own parameters of the estimator of a run where the run left them', async () => {
    // The scale has learned that the slope is of no use.
    const variance = ({ sites }: Profiled): number => sites[0]?.estimators[0]?.as_it_stands.variance ?? NaN;
    const trained = variance(await profiled('runs/scale --warmup 0'));
    const again = variance(
      await profiled('toy.sbn --checkpoint runs/scale --warmup 0', '--estimator', 'muprop(order = 1, scale = learned)'),
    );
    const settled = variance(
      await profiled(
        'toy.sbn --checkpoint runs/scale --warmup 600 --batch 10',
        '--estimator',
        'muprop(order = 1, scale = learned)',
      ),
    );
    expect(trained).toBeLessThan(0.1 * again);
    expect(settled).toBeLessThan(0.3 * again);
  });

  it('keeps what a site asks for by itself, and says so', async () => {
    const { stdout, stderr } = await profile('mixed.sbn', '--compare', 'muprop,nvil');
    expect(stderr).toBe('mixed.sbn: h2 keeps its own `via`\n');
    expect(stdout).toMatch(/^muprop +\S+ ms +biased at h2$/m);
  });

  it('has no numbers for a site that an estimator sums out, and those of the others beside it', async () => {
    const alone = await profiled('patterns.sbn', '--compare', 'likelihood_ratio');
    const beside = await profiled('patterns.sbn', '--compare', 'enumerate, likelihood_ratio');
    expect(beside.sites).toEqual(alone.sites);
    const { stdout } = await profile('patterns.sbn', '--compare', 'enumerate, likelihood_ratio');
    expect(stdout.match(/^ {2}enumerate +summed out$/gm)).toHaveLength(2);
  });

  it('takes estimators at the file’s or the run’s word where none is named', async () => {
    const { stdout } = await profile('runs/nvil');
    expect(stdout).toMatch(/^nvil +\S+ ms +biased at h1, h2$/m);
  });
});

describe('sbn profile refuses', () => {
  it.each([
    [['patterns.sbn', '--compare', 'muprop,,nvil'], 2, 'there is an empty place in `muprop,,nvil`', 'with commas'],
    [['patterns.sbn', '--compare', 'muprop, muprop'], 2, '`muprop` is given twice', 'name each estimator once'],
    [['patterns.sbn', '--compare', 'nvil', '--estimator', 'half'], 2, 'both name estimators', 'add the one to'],
    [['runs/patterns', '--set', 'H=4'], 2, '--set: a run has its own', '--checkpoint runs/patterns'],
    [['runs/patterns', '--checkpoint', 'runs/nvil'], 2, '--checkpoint: a run has its own', 'leave it out'],
    [['patterns.sbn', '--data', 'y=bars,n=2'], 2, 'the model has no data `y`', 'hint'],
    [['patterns.sbn', '--draws', '0'], 2, 'whole number, 1 or more', ''],
    [['patterns.sbn', '--warmup', '-1'], 2, 'whole number, 0 or more', ''],
    [['patterns.sbn', '--draws', '3'], 1, 'draws: 3 cannot be used', 'give an integer from 4'],
    [['patterns.sbn', '--rows', '7'], 1, 'rows: 7 rows are more than the 6 of the data', 'ask for at most 6'],
    [['patterns.sbn', '--batch', '7'], 1, 'batch: 7 rows are more than the 6 of the data', 'ask for at most 6'],
    [['bare.sbn'], 1, 'there is no source for data `x`', '--data x=SOURCE'],
    [['plain.sbn', '--data', 'x=bars,n=2,slice=0:2'], 1, 'plain has no latent site', 'profile a model with'],
    [['patterns.sbn', '--compare', 'enumerate'], 1, 'patterns has no latent site', 'that is drawn'],
    [['nowhere.sbn'], 1, 'cannot read nowhere.sbn', ''],
    [['patterns.sbn', '--checkpoint', 'nowhere'], 1, 'there is no such file', 'give the path of a checkpoint'],
    [['toy.sbn', '--checkpoint', 'runs/patterns'], 1, 'is of model patterns, and this is toy', 'hint'],
    [
      ['patterns.sbn', '--set', 'H=4', '--checkpoint', 'runs/patterns'],
      1,
      'model.h1.dense.weight is [2, 3] in the checkpoint, and must be [2, 4]',
      'the same constants',
    ],
    [['patterns.sbn', '--compare', 'muprop, mupro'], 1, 'did you mean `muprop`?', '--estimator:1:1'],
  ] as const)('%j', async (args, expected, ...said) => {
    const [path, ...rest] = args;
    const { code, stdout, stderr } = await call(`profile ${path} --engine reference`, ...rest);
    expect([code, stdout]).toEqual([expected, '']);
    for (const part of said) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
