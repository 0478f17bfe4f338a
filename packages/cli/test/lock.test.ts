/** One process at a time trains in the folder of a run. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSbn, type Called } from './call-sbn.js';
import { FakeHost } from './fake-host.js';
import { TINY_MODEL } from './tiny-model.js';

const LAUNCHER = join(import.meta.dirname, '../bin/sbn.js');

const MODEL = `${TINY_MODEL}train { data x = bars(n = 2) }
`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-lock-'));
  writeFileSync(join(folder, 'model.sbn'), MODEL);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function call(line: string): Promise<Called> {
  return callSbn(new FakeHost(folder), line);
}

/** A process that trains until it is told to end; resolves once it trains. */
async function train(
  line: string,
): Promise<{ readonly pid: number; readonly end: (signal: NodeJS.Signals) => Promise<number | null> }> {
  const child = spawn(process.execPath, [LAUNCHER, ...line.split(' '), '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (piece: Buffer) => {
      if (piece.toString().includes('"checkpoint"')) resolve();
    });
  });
  return {
    pid: child.pid ?? NaN,
    end: (signal) => {
      child.kill(signal);
      return code;
    },
  };
}

function lockOf(run: string): string {
  return join(folder, run, 'run.lock');
}

async function trained(run: string): Promise<void> {
  expect((await call(`run model.sbn --steps 5 --out ${run} --quiet`)).code).toBe(0);
}

describe('the folder of a run', () => {
  it('is refused to another process while one trains in it, and is free again afterwards', async () => {
    const { pid, end } = await train('run model.sbn --steps 1000000 --out shared');
    const refused = [
      await call('resume shared'),
      await call('run --resume shared'),
      await call('run model.sbn --out shared --force'),
    ];
    const json = await call('resume shared --json');
    // Looking at it is nobody's harm.
    const looked = await call('eval shared --samples 2');
    const code = await end('SIGTERM');
    for (const { code: exit, stdout, stderr } of refused) {
      expect([exit, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        new RegExp(
          `^error: shared is in use: process ${String(pid)} on this machine trains there since 20\\d\\d-\\d\\d-\\d\\dT[\\d:]+Z\n` +
            ` {2}= hint: wait for it, or end it with \`kill ${String(pid)}\`, so that it writes a checkpoint; .*remove shared/run\\.lock\n$`,
        ),
      );
    }
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'error', exitCode: 1, name: 'RunInUseError' });
    expect([looked.code, code]).toEqual([0, 143]);
    expect(existsSync(lockOf('shared'))).toBe(false);
    const rows = readFileSync(join(folder, 'shared/metrics.csv'), 'utf8').trimEnd().split('\n');
    const step = parseInt(rows.at(-1) ?? '', 10);
    expect((await call(`resume shared --steps ${String(step + 10)} --quiet`)).code).toBe(0);
  });

  it('is free after a process that was killed, without a word', async () => {
    const { end } = await train('run model.sbn --steps 1000000 --out killed');
    await end('SIGKILL');
    expect(existsSync(lockOf('killed'))).toBe(true);
    // Its checkpoint is the one before the first step.
    const { code, stderr } = await call('resume killed --steps 5 --quiet');
    expect([code, stderr]).toEqual([0, '']);
    expect(existsSync(lockOf('killed'))).toBe(false);
  });

  it('is free where the number of the process is another one’s by now', async () => {
    await trained('reused');
    const reused = { pid: process.pid, host: hostname(), since: '2020-01-01T00:00:00Z', start: 'another start' };
    writeFileSync(lockOf('reused'), JSON.stringify(reused));
    const { code, stderr } = await call('resume reused --steps 10 --quiet');
    expect([code, stderr]).toEqual([0, '']);
    expect(existsSync(lockOf('reused'))).toBe(false);
  });

  it('is free where a power cut has left a lock without a text', async () => {
    await trained('empty');
    writeFileSync(lockOf('empty'), '');
    const { code, stderr } = await call('resume empty --steps 10 --quiet');
    expect([code, stderr]).toEqual([0, '']);
  });

  it('is refused where a process of another machine may train in it, until the lock is removed', async () => {
    await trained('remote');
    writeFileSync(lockOf('remote'), JSON.stringify({ pid: 7, host: 'node-7', since: '2020-01-01T00:00:00Z' }));
    const { code, stderr } = await call('resume remote --steps 10 --quiet');
    expect(code).toBe(1);
    expect(stderr).toContain('remote is in use: process 7 on node-7 trains there since 2020-01-01T00:00:00Z');
    expect(stderr).toContain('`kill 7` there');
    expect(existsSync(lockOf('remote'))).toBe(true);
    rmSync(lockOf('remote'));
    expect((await call('resume remote --steps 10 --quiet')).code).toBe(0);
  });

  it('is refused for a whole search too', async () => {
    const { pid, end } = await train('run model.sbn --steps 1000000 --lr 1e-2,1e-3 --jobs 1 --out rates');
    const all = await call('resume rates');
    const one = await call('resume rates/lr-0.01');
    expect(await end('SIGINT')).toBe(130);
    expect(all.stderr).toContain(`rates is in use: process ${String(pid)} on this machine`);
    expect(one.stderr).toContain(`rates/lr-0.01 is in use: process ${String(pid)} on this machine`);
    expect(['rates', 'rates/lr-0.01', 'rates/lr-0.001'].filter((run) => existsSync(lockOf(run)))).toEqual([]);
  });
});

it('two that begin at once without a name have a folder each', async () => {
  const ends = await Promise.all([1, 2].map(() => call('run model.sbn --steps 5 --quiet')));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(['runs/model-1', 'runs/model-2'].map((run) => existsSync(join(folder, run, 'config.json')))).toEqual([
    true,
    true,
  ]);
});
