/** Runs that are taken up again: by which command, for how long, with what. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSbn, type Called } from './call-sbn.js';
import { FakeHost, InterruptedHost } from './fake-host.js';
import { TINY_MODEL } from './tiny-model.js';

const MODEL = `${TINY_MODEL}train { data x = bars(n = 2)  batch = 6  steps = 40  seed = 3 }
`;

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-resume-'));
  writeFileSync(join(folder, 'model.sbn'), MODEL);
  await run('--steps 60 --out whole');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function call(line: string, host = new FakeHost(folder)): Promise<Called> {
  return callSbn(host, line);
}

async function run(options: string): Promise<void> {
  const { code, stderr } = await call(`run model.sbn --engine reference --quiet ${options}`);
  expect([code, stderr]).toEqual([0, '']);
}

/** A run that Ctrl-C has ended before its steps were made. */
async function interrupt(line: string, looks = 25): Promise<void> {
  expect((await call(line, new InterruptedHost(folder, looks))).code).toBe(130);
}

function bytes(run: string, name = 'checkpoint.safetensors'): Buffer {
  return readFileSync(join(folder, run, name));
}

function config(run: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, run, 'config.json'), 'utf8')) as Record<string, unknown>;
}

describe('a run that goes on', () => {
  it.each([
    ['resume NAME', 'by-resume'],
    ['run --resume NAME', 'by-run'],
  ])('sbn %s ends bit-identical to one that never stopped', async (command, name) => {
    await interrupt(`run model.sbn --engine reference --steps 60 --out ${name}`);
    const { code, stdout, stderr } = await call(command.replace('NAME', name));
    expect(code).toBe(0);
    expect(stdout).toContain(`written to ${name}`);
    // On the engine that it was begun on, which is not the default.
    expect(stderr).toMatch(/^model: 6 rows, batch 6, 60 steps, adam\(.*\), seed 3, reference, /);
    expect(bytes(name)).toEqual(bytes('whole'));
  });

  it('begins where it was cut off before its first checkpoint', async () => {
    await run('--steps 60 --out unbegun');
    for (const name of readdirSync(join(folder, 'unbegun')))
      if (name.endsWith('.safetensors')) rmSync(join(folder, 'unbegun', name));
    const evaluated = await call('eval unbegun');
    expect(evaluated.code).toBe(1);
    expect(evaluated.stderr).toMatch(
      /^error: unbegun holds a run that has not begun.*\n.*`sbn resume unbegun` begins it\n$/,
    );
    expect((await call('resume unbegun --quiet')).code).toBe(0);
    expect(bytes('unbegun')).toEqual(bytes('whole'));
  });

  it.each([
    ['--steps 60', 'longer-steps'],
    ['--epochs 60', 'longer-epochs'],
  ])('is trained further with %s, and so after another Ctrl-C', async (option, name) => {
    await run(`--steps 20 --out ${name}`);
    await interrupt(`resume ${name} ${option}`, 15);
    expect(config(name)).toMatchObject({ steps: 60 });
    expect((await call(`resume ${name} --quiet`)).code).toBe(0);
    expect(bytes(name)).toEqual(bytes('whole'));
  });

  it('takes another learning rate from there on', async () => {
    await run('--steps 20 --out slower');
    expect((await call('resume slower --steps 60 --lr 0.0005 --quiet')).code).toBe(0);
    expect(config('slower')).toMatchObject({ optimizer: { name: 'adam', options: { lr: 0.0005, beta1: 0.9 } } });
    expect(bytes('slower')).not.toEqual(bytes('whole'));
  });

  it('is evaluated at its end as it was to be', async () => {
    await run('--steps 20 --samples 7 --out sampled');
    expect((await call('resume sampled --quiet')).stdout).toContain('7 samples each');
    expect((await call('resume sampled --samples 2 --quiet')).stdout).toContain('2 samples each');
    expect((await call('resume sampled --quiet')).stdout).toContain('2 samples each');
  });

  it('refuses fewer steps than it has made, and patience without anything to measure', async () => {
    for (const [option, said] of [
      ['--steps 59', '--steps 59: the run has made 60 steps already'],
      ['--epochs 2', '--epochs 2: the run has made 60 steps already (these are 2 steps)'],
      ['--patience 2', '--patience: the run has no data to measure on'],
    ] as const) {
      const { code, stderr } = await call(`resume whole ${option}`);
      expect([code, stderr.split('\n')[0]]).toEqual([2, `error: ${said}`]);
    }
    expect(config('whole')).toMatchObject({ steps: 60 });
  });

  it('wants a model or a folder', async () => {
    const { code, stderr } = await call('run');
    expect([code, stderr]).toEqual([
      2,
      'error: what is to be trained?\n  = hint: give a model file, or --resume with the folder of a run\n',
    ]);
  });
});

/** Validation data, and what was measured on them, by step. */
function measured(run: string): readonly string[] {
  const [, ...rows] = bytes(run, 'metrics.csv').toString().trimEnd().split('\n');
  return rows.flatMap((row) => {
    const [step, , , validation] = row.split(',');
    return validation === '' ? [] : [`${String(step)}: ${String(validation)}`];
  });
}

describe('a schedule with measurements and checkpoints on the way', () => {
  it.each([
    'adam(lr=0.05,warmup=40)',
    'adamw(lr=0.05,decay=0.1,warmup=10,cosine=50,final=0.1)',
    'rmsprop(lr=0.02,every=8,factor=0.7,clip=0.1)',
    'sgd(lr=0.1,momentum=0.8,cosine=60,clip=0.2,decay=0.05)',
  ])('of %s ends bit-identical, interrupted twice', async (optimizer) => {
    const name = optimizer.slice(0, optimizer.indexOf('('));
    const watch = '--valid-share 0.34 --batch 2 --valid-every 7 --checkpoint-every 9';
    const options = `--steps 60 --optimizer ${optimizer} ${watch}`;
    await run(`${options} --out whole-${name}`);
    await interrupt(`run model.sbn --engine reference ${options} --out ${name}`, 40);
    await interrupt(`resume ${name}`, 40);
    expect((await call(`resume ${name} --quiet`)).code).toBe(0);
    for (const file of ['checkpoint.safetensors', 'best.safetensors'])
      expect(bytes(name, file)).toEqual(bytes(`whole-${name}`, file));
    expect(measured(name)).toEqual(measured(`whole-${name}`));
    expect(measured(name)).toHaveLength(9);
  });
});

describe('a run that patience has ended', () => {
  beforeAll(async () => {
    // A rate of nothing: the first measurement is the best of all.
    const options = '--optimizer adam(lr=0) --valid x=bars,n=2 --valid-every 5 --patience 3';
    await run(`--steps 100 --out patient ${options}`);
  });

  it('makes no further step when it is resumed, and says why', async () => {
    // TensorBoard gets a file for each time that a run is taken up.
    const kept = (): readonly unknown[] =>
      readdirSync(join(folder, 'patient'))
        .filter((name) => !name.startsWith('events.'))
        .map((name) => [name, bytes('patient', name)]);
    const before = kept();
    const { code, stdout } = await call('resume patient --quiet');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ended after step 20: 3 measurements in a row no better than the best/);
    expect(kept()).toEqual(before);
  });

  it('goes on with more patience', async () => {
    const { stdout } = await call('resume patient --patience 5 --quiet');
    expect(stdout).toMatch(/^ended after step 30: 5 measurements in a row/);
    expect((await call('resume patient --quiet')).stdout).toMatch(/^ended after step 30: 5 measurements/);
  });
});
