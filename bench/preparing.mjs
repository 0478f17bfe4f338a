/** What of a step passes before it can begin: its rows read, converted and uploaded, and its noise made. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImages } from './examples.mjs';
import { interleave, median } from './measure.mjs';
import { table } from './report.mjs';
import { ours } from './runners.mjs';

const MODEL = 'sbn2';
const BATCH = 100;
const KIND = 'native, default form';

const SOURCES = [
  {
    name: '`binarize=bernoulli`, in a thread of its own (what `sbn` does)',
    options: { binarize: 'bernoulli' },
    worker: true,
  },
  { name: '`binarize=bernoulli`, in the thread of the step', options: { binarize: 'bernoulli' }, worker: false },
  { name: '`binarize=threshold`, in memory', options: { binarize: 'threshold' }, worker: false },
];

/** Of a round: the time that passed before its steps could begin, and the share of it in the steps, both elapsed. */
export function preparingOf(rounds) {
  const sum = (times, which) => times.reduce((total, own) => total + own[which], 0);
  return {
    milliseconds: Number(median(rounds.map((times) => sum(times, 2) / times.length)).toFixed(4)),
    share: Number(median(rounds.map((times) => sum(times, 2) / sum(times, 0))).toFixed(4)),
  };
}

export async function measurePreparing(turns) {
  const folder = mkdtempSync(join(tmpdir(), 'sbn-rows-'));
  const images = join(folder, 'images-idx3-ubyte');
  writeImages(images);
  const runners = {};
  for (const { name, options, worker } of SOURCES)
    runners[name] = await ours(KIND, MODEL, BATCH, { name: images, options, worker });
  const rounds = await interleave(runners, turns);
  rmSync(folder, { recursive: true });
  return Object.entries(rounds).map(([source, own]) => ({ source, ...preparingOf(own) }));
}

/** The table, from what `measurePreparing` gave. */
export function reportPreparing(measured, summary) {
  const rows = measured.map(({ source, milliseconds, share }) => [
    source,
    milliseconds.toFixed(2),
    `${(100 * share).toFixed(1)} %`,
  ]);
  return [
    `Of a step of \`${MODEL}\` (batch ${BATCH}, 784 pixels, default form, native engine), medians of rounds of five steps; ${summary}.`,
    table(['source', 'ms before a step', 'share of the step'], rows),
  ].join('\n\n');
}
