/** A search over learning rates, as processes: its runs are in threads, which the compiled worker starts. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '@sbn/runtime';
import { main as sbn } from '../src/sbn.js';
import { bestOf, renderSearch, type SearchedRun } from '../src/search/search-table.js';
import { plainStyle } from '../src/style.js';
import { FakeHost } from './fake-host.js';
import { TINY_MODEL } from './tiny-model.js';

const LAUNCHER = join(import.meta.dirname, '../bin/sbn.js');
const MODEL = `${TINY_MODEL}train { data x = bars(n = 2)  batch = 3 }
`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-search-'));
  writeFileSync(join(folder, 'model.sbn'), MODEL);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function call(line: string): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...line.split(' ')], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

function start(line: string, onStderr: (text: string, child: ChildProcess) => void): Promise<Result> {
  const child = spawn(process.execPath, [LAUNCHER, ...line.split(' ')], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
    onStderr(stderr, child);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

function bytes(...path: string[]): Buffer {
  return readFileSync(join(folder, ...path));
}

/** Without seconds and speed, which no two runs share. */
function metrics(run: string): readonly string[] {
  return bytes(run, 'metrics.csv')
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').slice(0, 4).join(','));
}

describe('sbn run --lr with several rates', () => {
  it('trains each as a run by itself does, on the same validation data, and says which is the best', () => {
    const options = 'run model.sbn --steps 200 --valid-share 0.5 --seed 5 --samples 2';
    const { code, stdout, stderr } = call(`${options} --lr 3e-2,1e-3,1e38 --out rates`);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^lr +steps +best validation negative bound \(nats\) +negative bound \(nats\) at the end +run\n/,
    );
    expect(stdout).toMatch(/^0\.03 +200 +\d+\.\d+ +\d+\.\d+ +rates\/lr-0\.03$/m);
    expect(stdout).toMatch(/^1e\+38 +diverged +rates\/lr-1e\+38$/m);
    expect(stdout).toMatch(/^best: lr 0\.03, in rates\/lr-0\.03; `sbn eval rates\/lr-0\.03 --best` measures it$/m);
    expect(stderr).toMatch(/^lr 0\.001 +done$/m);
    expect(stderr).toMatch(/^lr 1e\+38 +diverged: step \d+: .*(NaN|Infinity)/m);
    for (const rate of ['0.03', '0.001']) {
      expect(call(`${options} --lr ${rate} --out alone-${rate} --quiet`).code).toBe(0);
      for (const name of ['checkpoint.safetensors', 'best.safetensors', 'config.json'])
        expect(bytes(`rates/lr-${rate}`, name)).toEqual(bytes(`alone-${rate}`, name));
      expect(metrics(`rates/lr-${rate}`)).toEqual(metrics(`alone-${rate}`));
    }
    const evaluated = call('eval rates/lr-0.03 --best');
    expect([evaluated.code, evaluated.stderr]).toEqual([0, '']);
  }, 120_000);

  it('ends all at SIGTERM as at Ctrl-C, each with a checkpoint, and goes on with all of them', async () => {
    let asked = false;
    const options = 'run model.sbn --engine tfjs --backend cpu --steps 1000 --lr 2e-2,1e-2,5e-3 --jobs 2';
    const { code, stderr } = await start(`${options} --out stopped`, (text, child) => {
      if (asked || !/0\.02 .* step \d/.test(text) || !/0\.01 .* step \d/.test(text)) return;
      asked = true;
      child.kill('SIGTERM');
    });
    expect(code).toBe(143);
    expect(stderr).toMatch(/^lr 0\.02 +interrupted after step \d+$/m);
    expect(stderr).toMatch(/^lr 0\.01 +interrupted after step \d+$/m);
    expect(stderr).not.toMatch(/^lr 0\.005/m);
    expect(stderr).toMatch(/\ninterrupted; `sbn resume stopped` goes on\n$/);
    // The one that was not begun can be, and so can each by itself.
    const one = call('resume stopped/lr-0.005 --quiet');
    expect(one.code).toBe(0);
    const all = call('resume stopped --quiet');
    expect([all.code, all.stderr]).toEqual([0, '']);
    expect(all.stdout).toMatch(/^there are no validation data, so they are compared by what they were trained on/m);
    expect(all.stdout).toMatch(/^best: lr /m);
    expect(
      call(`${options.replace('2e-2,1e-2,5e-3', '1e-2').replace(' --jobs 2', '')} --out by-itself --quiet`).code,
    ).toBe(0);
    expect(bytes('stopped/lr-0.01/checkpoint.safetensors')).toEqual(bytes('by-itself/checkpoint.safetensors'));
  }, 180_000);

  it('says each line of --json with its rate, and the comparison at the end', () => {
    const { code, stdout, stderr } = call('run model.sbn --steps 20 --lr 1e-2,1e-3 --json --out lines');
    expect([code, stderr]).toEqual([0, '']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { lr?: number; kind: string; step?: number; best?: number });
    for (const lr of [0.01, 0.001]) {
      const kinds = events.filter((event) => event.lr === lr).map(({ kind }) => kind);
      expect([kinds[0], kinds.at(-1)]).toEqual(['start', 'end']);
    }
    expect(events.at(-1)).toMatchObject({ kind: 'search', runs: [{ lr: 0.01, outcome: 'done' }, { lr: 0.001 }] });
    expect([0.01, 0.001]).toContain(events.at(-1)?.best);
  }, 60_000);

  it.each([
    ['run model.sbn --lr 1e-2,1e-2', 2, /0\.01 is given twice/],
    ['run model.sbn --lr 1e-2,', 2, /must be a number above 0/],
    ['run model.sbn --lr 1e-2,1e-3 --data x=missing.npy --out none', 1, /^error: data x, .*missing\.npy/],
    ['run model.sbn --lr 1e-2,1e-3 --out lines', 1, /^error: lines already holds a run/],
    ['run --resume lines --lr 1e-2,1e-3', 2, /^error: --lr: a run that goes on has one learning rate/],
    ['resume lines --lr 1e-2', 2, /^error: lines holds a search: its runs go on as they are/],
  ])('%s is refused before anything is trained', async (line, code, said) => {
    const host = new FakeHost(folder);
    expect(await sbn(['node', 'sbn', ...line.split(' ')], host)).toBe(code);
    expect(host.stdout.text).toBe('');
    expect(host.stderr.text).toMatch(said);
  });
});

describe('the comparison', () => {
  function ended(rate: number, loss: number, best?: number): SearchedRun {
    const bound = { mean: -loss, standardError: 0.1 };
    const evaluation: Evaluation = { kind: 'bound', rows: 4, samples: 1, bound, logLikelihood: bound };
    return { rate, folder: `f/lr-${rate}`, outcome: { kind: 'done', result: { step: 10, evaluation, best } } };
  }
  const failed: SearchedRun = {
    rate: 9,
    folder: 'f/lr-9',
    outcome: { kind: 'failed', reason: 'error', code: 1, problem: 'no space is left' },
  };

  it('goes by the best on the validation data, else by the end; what failed or is no number is never the best', () => {
    expect(bestOf([ended(1, 3, 2.5), ended(2, 2.6, 2.6), failed])?.rate).toBe(1);
    expect(bestOf([ended(1, 3), ended(2, 2.6), failed])?.rate).toBe(2);
    expect(bestOf([ended(1, NaN), ended(2, 7)])?.rate).toBe(2);
    expect(bestOf([failed, ended(1, Infinity)])).toBeUndefined();
  });

  it('shows all, those too that failed or were not begun', () => {
    const waiting: SearchedRun = { rate: 4, folder: 'f/lr-4', outcome: undefined };
    const objective = { name: 'negative bound', unit: 'nats' };
    const text = renderSearch([ended(1, 3), failed, waiting], objective, false, plainStyle);
    expect(text).toMatch(/^9 +failed +f\/lr-9$/m);
    expect(text).toMatch(/^4 +not begun +f\/lr-4$/m);
    expect(renderSearch([failed], objective, true, plainStyle)).toMatch(/none of them has ended\n$/);
  });
});
