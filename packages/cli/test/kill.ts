/** Runs that are killed at random moments and taken up again, against one that never stopped. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCheckpoint, type Checkpoint } from '@sbn/runtime';
import { expect } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '../bin/sbn.js');

const MODEL = `data x: binary[16]
model {
  h2 ~ bernoulli(logits = bias(8))
  h1 ~ bernoulli(logits = dense(h2, 8))
  x ~ bernoulli(logits = dense(h1, 16))
}
guide {
  h1 ~ bernoulli(logits = dense(x, 8))
  h2 ~ bernoulli(logits = dense(h1, 8))
}
maximize elbo
`;

/** Ends by itself, or by SIGKILL so many milliseconds after it has begun to train. Gives the exit code, `null` where it was killed. */
function start(
  directory: string,
  args: readonly string[],
  milliseconds: number,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [LAUNCHER, ...args, '--json'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  let timer: NodeJS.Timeout | undefined;
  // Its first event; how long it takes to load says nothing, and depends on what else the machine does.
  child.stdout.once('data', () => {
    if (Number.isFinite(milliseconds)) timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  });
  child.stdout.resume();
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stderr });
    });
  });
}

/** Steps often, measures often and writes a checkpoint often, so that a moment falls into any of these. */
const RUN = (steps: number, out: string): readonly string[] => [
  ...[
    'run',
    'model.sbn',
    '--data',
    'x=bars,n=4',
    '--valid-share',
    '0.2',
    '--batch',
    '12',
    '--steps',
    String(steps),
    '--seed',
    '3',
  ],
  ...['--checkpoint-every', '25', '--valid-every', '20', '--quiet', '--out', out],
];

export interface KilledRun {
  /** How often it was killed in all. */
  readonly kills: number;
}

/** A folder with the model in it, for one test; gone after it. */
export async function withKilledRun(steps: number, kills: number, random: () => number): Promise<KilledRun> {
  const folder = mkdtempSync(join(tmpdir(), 'sbn-kill-'));
  try {
    writeFileSync(join(folder, 'model.sbn'), MODEL);
    return await expectSurvives(folder, steps, kills, random);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Kills the run again and again, `kills` times in all at moments that `random` gives, and then lets it end. */
async function expectSurvives(
  directory: string,
  steps: number,
  kills: number,
  random: () => number,
): Promise<KilledRun> {
  const whole = await start(directory, RUN(steps, 'whole'), Infinity);
  expect(whole).toEqual({ code: 0, stderr: '' });
  let count = 0;
  while (count < kills) {
    const isFirst = !existsSync(join(directory, 'killed/checkpoint.safetensors'));
    const args = isFirst ? [...RUN(steps, 'killed'), '--force'] : ['resume', 'killed', '--quiet'];
    // From before the first step of a process to well into its steps.
    const { code, stderr } = await start(directory, args, random() * 1500);
    // A damaged checkpoint would be passed over with a warning: none may ever be.
    expect(stderr).toBe('');
    if (code === null) count += 1;
    else break;
  }
  const last = await start(directory, ['resume', 'killed', '--quiet'], Infinity);
  expect([last.code, last.stderr]).toEqual([0, '']);
  for (const name of ['checkpoint.safetensors', 'best.safetensors']) {
    expect(read(directory, 'killed', name)).toEqual(read(directory, 'whole', name));
    expect(readFileSync(join(directory, 'killed', name))).toEqual(readFileSync(join(directory, 'whole', name)));
  }
  expect(metricsOf(directory, 'killed')).toEqual(metricsOf(directory, 'whole'));
  return { kills: count };
}

function read(directory: string, run: string, name: string): Checkpoint {
  return decodeCheckpoint(readFileSync(join(directory, run, name)), name);
}

/** Step and validation of every row; losses are means over stretches that a kill may cut, and seconds differ. */
function metricsOf(directory: string, run: string): readonly string[] {
  const rows = readFileSync(join(directory, run, 'metrics.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  return rows.flatMap((row) => {
    const [step, , , validation] = row.split(',');
    return validation === '' ? [] : [`${step ?? ''}: ${validation ?? ''}`];
  });
}
