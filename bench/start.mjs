/**
 * `npm run bench:start`: `sbn run` of sbn2, from the start of its process to its first finished step, which is when that step's row is in
 * `metrics.csv`. Prints the elapsed times, and on Linux what the process has computed by then, and writes them between the marks in
 * `docs/benchmarks.md`. Requires a build.
 *
 *     node bench/start.mjs [runs]
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { at, writeImages } from './examples.mjs';
import { median } from './measure.mjs';
import { describeMachine, writeReport } from './report.mjs';

const runs = Number(process.argv[2] ?? 5);
const TICKS_PER_SECOND = 100;

/** Seconds that a process has computed for, where the system tells. */
function processorTime(id) {
  const file = `/proc/${id}/stat`;
  if (!existsSync(file)) return undefined;
  // The name, in parentheses, may have spaces; user and system time are the 14th and 15th field.
  const fields = readFileSync(file, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function firstStep(folder, images) {
  const out = join(folder, 'run');
  const metrics = join(out, 'metrics.csv');
  const command = [at('packages/cli/bin/sbn.js').pathname, 'run', at('examples/sbn2.sbn').pathname];
  // Five hundred steps have a row each.
  const args = [
    ...command,
    '--data',
    `x=${images},binarize=threshold,threshold=127`,
    '--steps',
    '500',
    '--quiet',
    '--out',
    out,
  ];
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  while (child.exitCode === null && !hasRow(metrics)) await wait(2);
  const elapsed = (performance.now() - start) / 1000;
  const processor = processorTime(child.pid);
  const isThere = hasRow(metrics);
  child.kill('SIGKILL');
  await ended;
  rmSync(out, { recursive: true, force: true });
  if (!isThere) throw new Error('the run ended without a step');
  return { elapsed, processor };
}

function hasRow(metrics) {
  return existsSync(metrics) && readFileSync(metrics, 'utf8').split('\n').length > 2;
}

const folder = mkdtempSync(join(tmpdir(), 'sbn-start-'));
const images = join(folder, 'images-idx3-ubyte');
writeImages(images);
const measured = [];
for (let run = 0; run < runs; run += 1) measured.push(await firstStep(folder, images));
rmSync(folder, { recursive: true });
const describe = (name, values) =>
  `${median(values).toFixed(2)} s ${name} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
const read = (which) => measured.map((own) => own[which]);
const parts = [describe('elapsed', read('elapsed'))];
if (read('processor').every((time) => time !== undefined)) parts.push(describe('on the processor', read('processor')));
const { summary } = describeMachine();
const text = `${runs} runs, by the median: ${parts.join(', ')}; ${summary}. Where the first is far more than the second, other processes came between.`;
writeReport('start', text);
console.log(`first step of sbn2 by sbn run: ${text}`);
