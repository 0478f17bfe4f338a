import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main as sbn } from '../src/sbn.js';
import { main as sbnc } from '../src/sbnc.js';
import { FakeHost, InterruptedHost } from './fake-host.js';

const PATTERNS = `/// Bars and stripes of two by two.
const H = 3
data x: binary[4]
model {
  h ~ bernoulli(logits = bias(H))
  x ~ bernoulli(logits = dense(h, 4))
}
guide { h ~ bernoulli(logits = dense(x, H)) }
maximize elbo
train {
  data x = bars(n = 2)
  optimizer = adam(lr = 0.05)
  batch = 6
  steps = 40
  seed = 3
}
`;

const HALVES = `data top: binary[2]
data bottom: binary[2]
model {
  h ~ bernoulli(logits = dense(top, 3))
  bottom ~ bernoulli(logits = dense(h, 2))
}
maximize likelihood
`;

const TOY = `const t = 0.499
param eta: real[5] = zeros
model { b ~ bernoulli(logits = eta) }
minimize mean((b - t)^2)
`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-commands-'));
  writeFileSync(join(folder, 'patterns.sbn'), PATTERNS);
  writeFileSync(join(folder, 'halves.sbn'), HALVES);
  writeFileSync(join(folder, 'toy.sbn'), TOY);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function call(line: string): Promise<Result> {
  const [name = '', ...rest] = line.split(' ');
  const host = new FakeHost(folder);
  const main = name === 'sbn' ? sbn : sbnc;
  const code = await main(['node', name, ...rest], host);
  return { code, stdout: host.stdout.text, stderr: host.stderr.text };
}

function read(...parts: string[]): string {
  return readFileSync(join(folder, ...parts), 'utf8');
}

/** `metrics.csv` without the column of seconds, which no two runs share. */
function readMetrics(run: string): string[] {
  return read(run, 'metrics.csv')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').toSpliced(4, 1).join(','));
}

describe('sbnc', () => {
  it('check says that a model is right, and what is wrong with one that is not', async () => {
    writeFileSync(join(folder, 'wrong.sbn'), PATTERNS.replace('dense(h, 4)', 'dense(hh, 4)'));
    const { code, stdout, stderr } = await call('sbnc check patterns.sbn wrong.sbn toy.sbn');
    expect(code).toBe(1);
    expect(stdout).toBe('patterns.sbn: ok (1 latent, 1 observed)\ntoy.sbn: ok (1 latent, 0 observed)\n');
    expect(stderr).toContain('wrong.sbn:6:');
    expect(stderr).toContain('did you mean `h`?');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('explain shows a row for each site', async () => {
    const { code, stdout, stderr } = await call('sbnc explain patterns.sbn --set H=2');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^patterns: 5 parameters of 24 numbers, maximize elbo, H = 2$/m);
    expect(stdout).toContain('Bars and stripes of two by two.');
    expect(stdout).toMatch(
      /^h +latent \(guide\) +bernoulli +\[2\] +x +\S.* +muprop \(.*\) +1 more, \d+\.?\d* FLOP +unbiased$/m,
    );
    expect(stdout).toMatch(/^one step: \d+ instructions, .* per row \(sampled \S+ FLOP, rollout\(h\) \S+ FLOP\)$/m);
    expect(stdout).toMatch(/^memory: \d+\.\d kB for \S+ rows at a time, in float32$/m);
    expect(stdout).toMatch(/^x +observed +bernoulli +\[4\] +h$/m);
  });

  it('explain gives JSON, and one site alone', async () => {
    const { stdout } = await call('sbnc explain patterns.sbn --json --site x');
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'patterns',
      constants: { H: 3 },
      sites: [{ id: 'x', shape: [4] }],
    });
  });

  it('explain counts the passes of a site, in JSON too', async () => {
    const { stdout } = await call('sbnc explain patterns.sbn --json --site h');
    const { operations, sites } = JSON.parse(stdout) as {
      operations: { perRow: number; passes: { pass: string; perRow: number }[] };
      sites: { passes: { pass: string; perRow: number }[] }[];
    };
    expect(operations.passes.map(({ pass }) => pass)).toEqual(['sampled', 'rollout(h)']);
    expect(operations.perRow).toBe(operations.passes.reduce((sum, { perRow }) => sum + perRow, 0));
    expect(sites[0]?.passes).toEqual(operations.passes.slice(1));
  });

  it.each([
    ['ast', '"kind": "module"'],
    ['model', 'bernoulli'],
    ['graph', 'bernoulli'],
    ['plan', 'muprop'],
    ['program', 'program gradient\n'],
    ['artifact', '"format": "sbn-artifact"'],
  ])('compile --emit %s shows the stage', async (stage, said) => {
    const { code, stdout, stderr } = await call(`sbnc compile patterns.sbn --emit ${stage}`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(said);
    expect(stdout.endsWith('\n')).toBe(true);
  });

  it('compile --passes shows each program before and after each pass that changes it', async () => {
    const { code, stdout, stderr } = await call('sbnc compile patterns.sbn --emit program --passes');
    expect([code, stderr]).toEqual([0, '']);
    const headings = stdout.split('\n').filter((line) => line.startsWith('// gradient, '));
    expect(headings[0]).toMatch(/^\/\/ gradient, as expanded: \d+ instructions$/);
    expect(headings[1]).toMatch(/^\/\/ gradient, after share-sigmoid: \d+ instructions$/);
    expect(headings.at(-1)).toBe('// gradient, after remove-dead-code: unchanged');
    // What is shown last is what is compiled.
    const last = stdout.slice(0, stdout.indexOf('\n// evaluate')).split('\nprogram gradient\n').at(-1) ?? '';
    const shown = last.split('\n').filter((line) => line.includes(' = '));
    const { stdout: compiled } = await call('sbnc compile patterns.sbn --emit program');
    const [gradient = ''] = compiled.split('\nprogram ');
    expect(shown.length).toBe(gradient.split('\n').filter((line) => line.includes(' = ')).length);
  });

  it('compile -o writes the artifact', async () => {
    const { code, stdout } = await call('sbnc compile patterns.sbn -o patterns.json');
    expect([code, stdout]).toEqual([0, '']);
    expect(JSON.parse(read('patterns.json'))).toMatchObject({ format: 'sbn-artifact', name: 'patterns' });
  });

  it('compile writes nothing where the model is wrong', async () => {
    writeFileSync(join(folder, 'wrong.sbn'), PATTERNS.replace('maximize elbo', ''));
    const { code, stdout, stderr } = await call('sbnc compile wrong.sbn -o wrong.json');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error\[SBN\d{4}\]: /);
    expect(existsSync(join(folder, 'wrong.json'))).toBe(false);
  });
});

describe('sbn run', () => {
  it('trains with the defaults of the file, and writes the run', async () => {
    const { code, stdout, stderr } = await call('sbn run patterns.sbn --engine reference --samples 10');
    expect(stderr).toContain('step 40/40');
    expect(stderr).toContain('seed 3');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^negative bound +\d\.\d+ ± 0\.\d+ nats +\(training data, 6 rows, 10 samples each\)$/m);
    expect(stdout).toMatch(/^negative log likelihood +\d\.\d+ ± 0\.\d+ nats/m);
    expect(stdout).toContain(`written to ${join('runs', 'patterns-1')}`);
    const run = join('runs', 'patterns-1');
    expect(readdirSync(join(folder, run)).sort()).toEqual([
      'artifact.json',
      'checkpoint.1.safetensors',
      'checkpoint.safetensors',
      'config.json',
      expect.stringMatching(/^events\.out\.tfevents\.\d+\.sbn$/),
      'metrics.csv',
    ]);
    expect(JSON.parse(read(run, 'config.json'))).toMatchObject({
      model: 'patterns.sbn',
      data: { x: 'bars,n=2' },
      optimizer: { name: 'adam', options: { lr: 0.05 } },
      batch: 6,
      steps: 40,
      seed: 3,
      engine: 'reference',
    });
    const metrics = readMetrics(run);
    expect(metrics[0]).toMatch(/^step,epoch,loss,validation,.*signal variance h/);
    expect(metrics.slice(1).map((line) => Number(line.split(',')[0]))).toEqual(
      Array.from({ length: 40 }, (_, step) => step + 1),
    );
  });

  it('lets options win over the file', async () => {
    const line =
      'sbn run patterns.sbn --engine reference --steps 12 --batch 3 --optimizer sgd --lr 0.1 --momentum 0.5 --seed 0 --set H=2 --quiet --out mine';
    const { code, stderr } = await call(line);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(read('mine', 'config.json'))).toMatchObject({
      constants: { H: 2 },
      optimizer: { name: 'sgd', options: { lr: 0.1, momentum: 0.5 } },
      batch: 3,
      steps: 12,
      seed: 0,
    });
  });

  it('keeps a run that is there, unless it is told to write over it', async () => {
    const line = 'sbn run patterns.sbn --engine reference --steps 2 --quiet --out kept';
    expect((await call(line)).code).toBe(0);
    const before = read('kept', 'metrics.csv');
    const { code, stderr } = await call(line);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'error: kept already holds a run\n  = hint: name another folder with --out, or write over it with --force\n',
    );
    expect(read('kept', 'metrics.csv')).toBe(before);
    expect((await call(`${line} --force`)).code).toBe(0);
  });

  it('gives the same numbers for the same seed alone', async () => {
    const line = 'sbn run patterns.sbn --engine reference --steps 5 --quiet --out';
    await call(`${line} first --seed 7`);
    await call(`${line} second --seed 7`);
    await call(`${line} third --seed 8`);
    expect(readMetrics('second')).toEqual(readMetrics('first'));
    expect(readMetrics('third')).not.toEqual(readMetrics('first'));
  });

  it('measures on validation data at the end of epochs', async () => {
    const { stdout, stderr } = await call(
      'sbn run patterns.sbn --engine reference --epochs 3 --batch 3 --valid x=bars,n=2 --out validated',
    );
    expect(stdout).toContain('(validation data, 6 rows, 1 sample each)');
    expect(stderr.match(/^epoch [123]: validation negative bound \d\.\d+ nats$/gm)).toHaveLength(3);
    const measured = readMetrics('validated')
      .slice(1)
      .map((line) => line.split(',')[3] !== '');
    expect(measured).toEqual([false, true, false, true, false, true]);
  });

  it('goes on after Ctrl-C as if it had never stopped', async () => {
    const options = '--engine reference --steps 60 --seed 5';
    expect((await call(`sbn run patterns.sbn ${options} --out whole --quiet`)).code).toBe(0);
    const host = new InterruptedHost(folder, 25);
    const code = await sbn(['node', 'sbn', 'run', 'patterns.sbn', ...options.split(' '), '--out', 'broken'], host);
    expect([code, host.stdout.text]).toEqual([130, '']);
    expect(host.stderr.text).toMatch(/interrupted after step \d+; `sbn resume broken` goes on\n$/);
    const resumed = await call('sbn resume broken --engine reference');
    expect(resumed.code).toBe(0);
    expect(readFileSync(join(folder, 'broken', 'checkpoint.safetensors'))).toEqual(
      readFileSync(join(folder, 'whole', 'checkpoint.safetensors')),
    );
    const steps = readMetrics('broken').map((line) => line.split(',')[0]);
    expect(steps).toEqual(readMetrics('whole').map((line) => line.split(',')[0]));
    expect((await call('sbn resume broken --engine reference --steps 70')).stderr).toContain('step 70/70');
  });

  it('says so where there is nothing to go on with', async () => {
    expect((await call('sbn run patterns.sbn --engine reference --steps 3 --quiet --out finished')).code).toBe(0);
    const again = await call('sbn resume finished --engine reference');
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/^all 3 steps are made; with more --steps it is trained further\n/);
    const fewer = await call('sbn resume finished --engine reference --steps 2');
    expect([fewer.code, fewer.stdout]).toEqual([2, '']);
    expect(fewer.stderr).toMatch(/^error: --steps 2: the run has made 3 steps already\n/);
    const further = await call('sbn resume finished --engine reference --steps 4');
    expect([further.code, further.stderr]).toEqual([0, expect.not.stringContaining('are made')]);
    expect(readMetrics('finished').at(-1)).toMatch(/^4,/);
  });

  it('refuses momentum for an optimizer that has none', async () => {
    const { code, stderr } = await call('sbn run patterns.sbn --optimizer adam --momentum 0.9');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --momentum is for sgd, and the optimizer is adam\n/);
  });

  it('trains a cost without any data', async () => {
    const { code, stdout } = await call('sbn run toy.sbn --engine reference --steps 20 --out toy');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cost +0\.\d+/);
    // Nothing is observed, so the latents are shown.
    const drawn = await call('sbn sample toy --engine reference --rows 3');
    expect([drawn.code, drawn.stderr]).toEqual([0, '']);
    expect(drawn.stdout).toMatch(/^([01]( [01])*\n){3}$/);
  });

  it.each([
    ['halves.sbn', 'there is no source for data `top`', '--data top=SOURCE'],
    ['patterns.sbn --data x=missing.gz', 'missing.gz', 'data x'],
    ['patterns.sbn --data x=bars,n=3', 'data x', '9'],
    ['patterns.sbn --batch 7', 'batch', '6'],
  ])('%s: says what is wrong with the data', async (line, ...said) => {
    const { code, stdout, stderr } = await call(`sbn run ${line} --engine reference --out wrong`);
    expect(stderr).toMatch(/^error: /m);
    for (const part of said) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect([code, stdout]).toEqual([1, '']);
    expect(existsSync(join(folder, 'wrong'))).toBe(false);
  });

  it('refuses options of a source that there are not, by the name of the option', async () => {
    const { code, stderr } = await call('sbn run patterns.sbn --data x=bars,m=2');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --data x: bars: there is no option m/);
  });
});

describe('sbn eval and sbn sample', () => {
  beforeAll(async () => {
    expect((await call('sbn run patterns.sbn --engine reference --quiet --out trained')).code).toBe(0);
    const data = '--data top=bars,n=2,slice=top --data bottom=bars,n=2,slice=bottom';
    expect((await call(`sbn run halves.sbn ${data} --engine reference --steps 3 --quiet --out halves`)).code).toBe(0);
  });

  it('eval measures on the data of the run', async () => {
    const { code, stdout } = await call('sbn eval trained --engine reference --samples 50');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^negative bound +\d\.\d+ ± \d\.\d+ nats +\(training data, 6 rows, 50 samples each\)$/m);
  });

  it('eval gives JSON, in which more samples tighten the bound', async () => {
    const { stdout } = await call('sbn eval trained --engine reference --samples 200 --json');
    const result = JSON.parse(stdout) as { bound: { mean: number }; logLikelihood: { mean: number }; rows: number };
    expect(result.rows).toBe(6);
    expect(result.logLikelihood.mean).toBeGreaterThan(result.bound.mean);
  });

  it('eval takes other data', async () => {
    const { stdout } = await call('sbn eval trained --engine reference --data x=bars,n=2 --samples 1');
    expect(stdout).toMatch(/^negative bound +\S.*\(given data, 6 rows, 1 sample each\)\n$/);
  });

  it('sample draws pictures', async () => {
    const { code, stdout } = await call('sbn sample trained --engine reference --rows 3');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('┌──┐ ┌──┐ ┌──┐');
    expect(lines[1]).toMatch(/^│[ ▀▄█]{2}│ │[ ▀▄█]{2}│ │[ ▀▄█]{2}│$/);
  });

  it('sample draws pictures of a given width', async () => {
    const { stdout } = await call('sbn sample halves --engine reference --rows 2 --width 2');
    expect(stdout).toMatch(/^┌──┐ ┌──┐\n│[ ▀]{2}│ │[ ▀]{2}│\n└──┘ └──┘\n$/);
    const { code, stderr } = await call('sbn sample trained --engine reference --width 3');
    expect(code).toBe(2);
    expect(stderr).toBe('error: --width 3: `x` is no picture of that width: its 4 values are no multiple of it\n');
  });

  it('sample writes what was drawn in three formats', async () => {
    for (const ending of ['json', 'npy', 'txt']) {
      const { code, stdout } = await call(`sbn sample trained --engine reference --rows 5 --seed 1 -o drawn.${ending}`);
      expect([code, stdout]).toEqual([0, '']);
    }
    const { rows, sites } = JSON.parse(read('drawn.json')) as {
      rows: number;
      sites: Record<string, { shape: number[]; sample: number[]; mean: number[] }>;
    };
    expect([rows, Object.keys(sites).sort()]).toEqual([5, ['h', 'x']]);
    const text = read('drawn.txt')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    expect(text).toHaveLength(5);
    expect(text.flat()).toEqual(sites['x']?.sample);
    expect(new Set(text.flat())).toEqual(new Set([0, 1]));
    expect(read('drawn.npy').slice(0, 200)).toContain("'shape': (5, 4)");
  });

  it('sample conditions on the data of the run, or on other data', async () => {
    const own = await call('sbn sample halves --engine reference --rows 4');
    expect([own.code, own.stderr]).toEqual([0, '']);
    expect(own.stdout.trimEnd().split('\n')).toHaveLength(4);
    const other = await call('sbn sample halves --engine reference --rows 2 --given top=bars,n=2,slice=bottom');
    expect(other.stdout.trimEnd().split('\n')).toHaveLength(2);
    const wrong = await call('sbn sample halves --engine reference --given bottom=bars,n=2,slice=bottom');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'error: --given bottom: the model does not draw anything given `bottom`\n  = hint: it draws given `top`\n',
    ]);
    const idle = await call('sbn sample trained --engine reference --given x=bars,n=2');
    expect([idle.code, idle.stderr]).toEqual([2, expect.stringContaining('this model draws without any data')]);
  });

  it('eval names a checkpoint that is damaged', async () => {
    await call('sbn run patterns.sbn --engine reference --steps 1 --quiet --out damaged');
    const damage = (name: string): void => {
      const path = join(folder, 'damaged', name);
      writeFileSync(path, readFileSync(path).subarray(0, 100));
    };
    damage('checkpoint.safetensors');
    const older = await call('sbn eval damaged --engine reference');
    expect(older.code).toBe(0);
    expect(older.stderr).toMatch(
      /^warning: .*checkpoint\.safetensors: .*\n {2}= the checkpoint after step 0 is taken instead\n$/,
    );
    damage('checkpoint.1.safetensors');
    const { code, stderr } = await call('sbn eval damaged --engine reference');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*checkpoint\.safetensors/);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
