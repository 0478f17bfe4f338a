/** What a run says of itself while it goes on: JSON lines, and TensorBoard's event files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSbn, type Called } from './call-sbn.js';
import { FakeHost } from './fake-host.js';
import { TINY_MODEL } from './tiny-model.js';

const MODEL = `${TINY_MODEL}train {
  data x = bars(n = 2)
  optimizer = sgd(lr = 0.5)
  batch = 4
  steps = 40
}
`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-watch-'));
  writeFileSync(join(folder, 'model.sbn'), MODEL);
  writeFileSync(join(folder, 'wrong.sbn'), MODEL.replace('dense(h, 4)', 'dense(hh, 4)'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function call(line: string, host = new FakeHost(folder)): Promise<Called> {
  return callSbn(host, `${line} --engine reference`);
}

type Line = Readonly<Record<string, unknown>>;

/** Every line of the output, each of which must be an object. */
function linesOf({ stdout }: Called): readonly Line[] {
  expect(stdout).toMatch(/\n$/);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('--json', () => {
  it('prints what happens, an object a line, and nothing else', async () => {
    const result = await call('run model.sbn --valid-share 0.3 --valid-every 20 --out told --json');
    expect([result.code, result.stderr]).toEqual([0, '']);
    const lines = linesOf(result);
    expect(lines.map(({ kind, step }) => (typeof step === 'number' ? `${String(kind)} ${step}` : kind))).toEqual([
      'start',
      'checkpoint 0',
      // The clock stands still: of all steps, the first and the last are told.
      'progress 1',
      'validation 20',
      'checkpoint 20',
      'validation 40',
      ...(lines.some(({ what, step }) => what === 'best' && step === 40) ? ['checkpoint 40'] : []),
      'progress 40',
      'checkpoint 40',
      'end 40',
    ]);
    expect(lines[0]).toMatchObject({
      version: 1,
      model: 'model',
      run: 'told',
      objective: { name: 'negative bound', unit: 'nats' },
      signalSites: ['h'],
      rows: 4,
      validationRows: 2,
      batch: 4,
      steps: 40,
      startStep: 0,
      stepsPerEpoch: 1,
      optimizer: { name: 'sgd', options: { lr: 0.5, momentum: 0 } },
    });
    const progress = lines.find(({ kind, step }) => kind === 'progress' && step === 40);
    const metrics = readFileSync(join(folder, 'told/metrics.csv'), 'utf8').trimEnd().split('\n');
    const columns = metrics[0]?.split(',') ?? [];
    const last = metrics.at(-1)?.split(',') ?? [];
    const cell = (name: string): number => Number(last[columns.indexOf(name)]);
    expect(progress).toMatchObject({
      epoch: 40,
      learningRate: 0.5,
      signals: { h: { mean: cell('signal mean h'), variance: cell('signal variance h') } },
    });
    expect(cell('signal variance h')).toBeGreaterThan(0);
    const validation = lines.find(({ kind, step }) => kind === 'validation' && step === 40);
    expect(validation?.['loss']).toBe(cell('validation'));
    expect(lines.at(-1)).toMatchObject({
      reason: 'steps',
      run: 'told',
      measuredOn: 'validation data',
      evaluation: { kind: 'bound', rows: 2, samples: 1 },
    });
    const share = lines.at(-1)?.['preparingShare'];
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
  });

  it('says where a run that goes on begins, and why it ends', async () => {
    await call('run model.sbn --out resumed --quiet');
    const lines = linesOf(await call('resume resumed --steps 50 --json'));
    expect(lines[0]).toMatchObject({ kind: 'start', startStep: 40, steps: 50 });
    expect(lines.at(-1)).toMatchObject({ kind: 'end', reason: 'steps', step: 50, measuredOn: 'training data' });

    const host = new FakeHost(folder);
    let looks = 0;
    host.now = () => {
      looks += 1;
      if (looks === 30) host.interrupt();
      return 0;
    };
    const interrupted = await call('run model.sbn --out cut --json', host);
    expect(interrupted.code).toBe(130);
    const end = linesOf(interrupted).at(-1);
    expect(end).toMatchObject({ kind: 'end', reason: 'interrupted', signal: 'SIGINT' });
    expect(end).not.toHaveProperty('evaluation');
    expect(interrupted.stderr).toContain('`sbn resume cut` goes on');
  });

  it('a patient run says so', async () => {
    const line = 'run model.sbn --valid-share 0.3 --valid-every 2 --patience 1 --lr 1e-30 --out patient --json';
    expect(linesOf(await call(line)).at(-1)).toMatchObject({ kind: 'end', reason: 'patience', step: 4 });
  });

  it.each([
    ['run model.sbn --batch 100', 1, { name: 'SettingsError', problem: expect.stringContaining('batch') as unknown }],
    ['run none.sbn', 1, { name: 'UserError', problem: expect.stringContaining('cannot read none.sbn') as unknown }],
    ['run wrong.sbn', 1, { name: 'ModelError', hint: expect.stringContaining('sbnc check --json') as unknown }],
    ['run model.sbn --patience 3', 2, { name: 'UsageError', hint: expect.stringContaining('--valid') as unknown }],
    ['run model.sbn --lr 1.7e308 --steps 200', 1, { name: 'NonFiniteError' }],
    ['resume none', 1, { name: 'UserError' }],
  ])('%s ends with an error, in words on stderr as well', async (line, code, event) => {
    const result = await call(`${line} --json${line.startsWith('run') ? ' --out failed --force' : ''}`);
    expect(result.code).toBe(code);
    expect(linesOf(result).at(-1)).toMatchObject({ kind: 'error', exitCode: code, ...event });
    expect(result.stderr).toMatch(/^error/);
  });
});

describe('TensorBoard', () => {
  const eventsOf = (run: string): string[] =>
    readdirSync(join(folder, run))
      .filter((name) => name.includes('tfevents'))
      .sort();
  const textOf = (run: string, name: string): string => readFileSync(join(folder, run, name)).toString('latin1');

  it('has a file of a run, and another each time that it goes on', async () => {
    await call('run model.sbn --valid-share 0.3 --out board --quiet');
    const [first = ''] = eventsOf('board');
    const before = textOf('board', first);
    for (const tag of [
      'negative_bound/train',
      'negative_bound/validation',
      'signal_variance/h',
      'term/-log p(x)',
      'learning_rate',
    ]) {
      expect(before).toContain(tag);
    }
    await call('resume board --steps 50 --quiet');
    const [same = '', second = ''] = eventsOf('board');
    expect(textOf('board', same)).toBe(before);
    expect(textOf('board', second)).toContain('negative_bound/train');
  });

  it('has none where none is wanted, then and later', async () => {
    await call('run model.sbn --no-tensorboard --out plain --quiet');
    await call('resume plain --steps 50 --quiet');
    expect(eventsOf('plain')).toEqual([]);
  });
});
