/** Runs beside one another: what they have reached, in what they differ, and their curves. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDifferences } from '../src/compare/differences.js';
import { callSbn, type Called } from './call-sbn.js';
import { FakeHost, Recorder } from './fake-host.js';
import { TINY_MODEL } from './tiny-model.js';

const BARS = `/// Bars & stripes < pictures
${TINY_MODEL}train {
  data x = bars(n = 2)
  batch = 3
  steps = 120
}
`;

const TOY = `const t = 0.499
param eta: real[5] = zeros
model { b ~ bernoulli(logits = eta) }
minimize mean((b - t)^2)
`;

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-compare-'));
  writeFileSync(join(folder, 'bars.sbn'), BARS);
  writeFileSync(join(folder, 'toy.sbn'), TOY);
  const common = '--quiet --engine reference';
  await call(`run bars.sbn --valid-share 0.3 --valid-every 30 --out runs/muprop ${common}`);
  await call(`run bars.sbn --valid-share 0.3 --valid-every 30 --out runs/slow --lr 0.0001 ${common}`);
  await call(`run bars.sbn --estimator straight_through --out runs/st ${common}`);
  await call(`run toy.sbn --steps 20 --out runs/toy ${common}`);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function call(line: string, columns?: number): Promise<Called> {
  return callSbn(new FakeHost(folder, new Recorder(columns === undefined ? {} : { columns })), line);
}

/** A table's rows as cells. */
function cellsOf(text: string): string[][] {
  return text.split('\n').map((line) => line.split(/ {2,}/));
}

function metricsOf(run: string): Partial<Record<string, string>>[] {
  const [header = '', ...rows] = readFileSync(join(folder, run, 'metrics.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = header.split(',');
  return rows.map((row) => {
    const cells = row.split(',');
    return Object.fromEntries(columns.map((column, index): [string, string] => [column, cells[index] ?? '']));
  });
}

describe('sbn compare', () => {
  it('has a row for each run, from what was measured', async () => {
    const { code, stdout, stderr } = await call('compare runs/muprop/ runs/slow runs/st -o page.html');
    expect([code, stderr]).toEqual([0, '']);
    const [headings, muprop, , st] = cellsOf(stdout);
    expect(headings).toEqual('run,model,estimator,steps,time,training,validation,best,at step,variance h'.split(','));
    const rows = metricsOf('runs/muprop');
    const measured = rows.filter(({ validation }) => validation !== '');
    const best = measured.reduce((a, b) => (Number(b['validation']) < Number(a['validation']) ? b : a));
    // The steps after the first 108 of 120.
    const tail = rows.slice(108);
    const mean = (column: string): number => tail.reduce((sum, row) => sum + Number(row[column]), 0) / tail.length;
    expect(rows).toHaveLength(120);
    expect(muprop?.slice(0, 4)).toEqual(['muprop', 'bars', 'muprop', '120']);
    expect(Number(muprop?.[5])).toBeCloseTo(mean('loss'), 3);
    expect(Number(muprop?.[6])).toBeCloseTo(Number(rows.at(-1)?.['validation']), 3);
    expect(Number(muprop?.[7])).toBeCloseTo(Number(best['validation']), 3);
    expect(muprop?.[8]).toBe(best['step']);
    const variance = mean('signal variance h');
    expect(Number(muprop?.[9]) / variance).toBeCloseTo(1, 1);
    // Neither measured on anything, nor with a learning signal.
    expect(st?.slice(2, 4)).toEqual(['straight_through (biased)', '120']);
    expect(st?.slice(6)).toEqual(['—', '—', '—', '—']);
  });

  it('says in what they differ, and in nothing else', async () => {
    const { stdout } = await call('compare runs/muprop runs/slow -o page.html');
    const [, differences = ''] = stdout.split('they differ in\n');
    expect(cellsOf(differences)).toEqual([
      ['', 'muprop', 'slow'],
      ['optimizer.options.lr', expect.any(String), '0.0001'],
      ['written to page.html'],
      [''],
    ]);
    const narrow = await call('compare runs/muprop runs/st -o page.html', 60);
    expect(narrow.stdout).toMatch(/^estimator of h\n {2}muprop {2}muprop \(.*\)\n {2}st {6}straight_through/m);
    const same = await call('compare runs/slow ./runs/slow -o page.html');
    expect(same.stdout).toContain('they were made with the same settings\n');
  });

  it('draws their curves over one another, on a page without addresses or scripts', async () => {
    await call('compare runs/muprop runs/slow runs/st runs/toy -o page.html');
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    const charts = [...page.matchAll(/<figure>.*?<\/figure>/gs)].map(([chart]) => chart);
    const titled = (title: string): string => charts.find((chart) => chart.includes(`aria-label="${title}"`)) ?? '';
    expect([...titled('loss, training').matchAll(/<li>.*?<\/svg> (\w+): /g)].map(([, name]) => name).sort()).toEqual([
      'muprop',
      'slow',
      'st',
      'toy',
    ]);
    const colorIn = (chart: string, run: string): string | undefined =>
      new RegExp(`stroke="(#\\w+)"[^>]*/></svg> ${run}: `).exec(chart)?.[1];
    const validation = titled('loss, validation');
    expect(validation).not.toContain(' st: ');
    // The same colour for the same run, whatever else is in a chart.
    for (const run of ['muprop', 'slow']) expect(colorIn(validation, run)).toBe(colorIn(titled('loss, training'), run));
    expect(colorIn(validation, 'muprop')).not.toBe(colorIn(validation, 'slow'));
    expect(titled('Variance of the learning signal of h')).not.toBe('');
    expect(page).not.toMatch(/<script|@import|url\((?!#)|(?:src|href)="(?!data:)/);
  });

  it('prints JSON', async () => {
    const { stdout } = await call('compare runs/muprop runs/toy --json -o none.html');
    const { runs, differences } = JSON.parse(stdout) as { runs: object[]; differences: object[] };
    expect(runs).toMatchObject([
      { run: 'muprop', path: 'runs/muprop', steps: 120, objective: { name: 'negative bound' } },
      { run: 'toy', model: 'toy', validation: null, objective: { name: 'cost' } },
    ]);
    expect(differences).toContainEqual({ setting: 'data.x', values: [expect.stringContaining('bars'), null] });
    expect(existsSync(join(folder, 'none.html'))).toBe(false);
  });

  it('takes the runs of a search over learning rates', async () => {
    mkdirSync(join(folder, 'search'));
    for (const rate of [0.1, 0.01])
      await call(`run toy.sbn --steps 20 --lr ${rate} --out search/lr-${rate} --quiet --engine reference`);
    writeFileSync(join(folder, 'search/search.json'), '{"format":"sbn-search","version":1,"rates":[0.1,0.01]}');
    const { stdout } = await call('compare search -o page.html');
    expect(cellsOf(stdout).slice(-3)).toEqual([
      ['optimizer.options.lr', '0.1', '0.01'],
      ['written to page.html'],
      [''],
    ]);
  });

  it('takes runs that have measured nothing yet, and names what is no run', async () => {
    await call('run toy.sbn --steps 20 --out runs/begun --quiet --engine reference');
    writeFileSync(join(folder, 'runs/begun/metrics.csv'), '');
    const { code, stdout } = await call('compare runs/begun runs/toy -o page.html');
    expect(code).toBe(0);
    expect(cellsOf(stdout)[1]?.slice(0, 6)).toEqual(['begun', 'toy', 'muprop', '0 of 20', '0:00', '—']);
    expect(await call('compare runs/toy nothing -o page.html')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no folder nothing') as unknown,
    });
  });
});

describe('findDifferences', () => {
  it('knows settings that a run does not have, and passes over what no result depends on', () => {
    const a = {
      settings: new Map([
        ['batch', '10'],
        ['keep', '3'],
        ['steps', '5'],
      ]),
    };
    const b = {
      settings: new Map([
        ['batch', '10'],
        ['keep', '4'],
        ['constants.H', '5'],
      ]),
    };
    expect(findDifferences([a, b])).toEqual([
      { setting: 'steps', values: ['5', undefined] },
      { setting: 'constants.H', values: [undefined, '5'] },
    ]);
  });
});
