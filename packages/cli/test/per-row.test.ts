/** `sbn eval --per-row`: each row of an evaluation in a file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSbn } from './call-sbn.js';
import { FakeHost } from './fake-host.js';
import { TINY_MODEL } from './tiny-model.js';

const BARS = `${TINY_MODEL}train {
  data x = bars(n = 2)
  batch = 3
  steps = 10
}
`;

const TOY = `const t = 0.499
param eta: real[5] = zeros
model { b ~ bernoulli(logits = eta) }
minimize mean((b - t)^2)
`;

/** Nothing is drawn. */
const PLAIN = `data x: binary[4]
model { x ~ bernoulli(logits = bias(4)) }
maximize likelihood
train { data x = bars(n = 2) }
`;

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-rows-'));
  for (const [name, text] of Object.entries({ bars: BARS, toy: TOY, plain: PLAIN })) {
    writeFileSync(join(folder, `${name}.sbn`), text);
    await call(`run ${name}.sbn --steps 10 --out ${name} --quiet`);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function call(line: string): Promise<readonly [code: number, stdout: string, stderr: string]> {
  const { code, stdout, stderr } = await callSbn(new FakeHost(folder), `${line} --engine reference`);
  return [code, stdout, stderr];
}

function readCsv(name: string): { readonly header: string; readonly rows: readonly (readonly string[])[] } {
  const [header = '', ...lines] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  return { header, rows: lines.map((line) => line.split(',')) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('sbn eval --per-row', () => {
  it('writes bound and likelihood of each row, whose means are the evaluation', async () => {
    const [code, stdout] = await call('eval bars --samples 20 --per-row rows.csv --json');
    expect(code).toBe(0);
    const { header, rows } = readCsv('rows.csv');
    expect(header).toBe('row,bound,bound_error,log_likelihood,log_likelihood_error,samples');
    expect(rows.map(([row]) => row)).toEqual(['0', '1', '2', '3', '4', '5']);
    const column = (index: number): number[] => rows.map((row) => Number(row[index]));
    const whole = JSON.parse(stdout) as { bound: { mean: number }; logLikelihood: { mean: number } };
    expect(mean(column(1))).toBeCloseTo(whole.bound.mean, 12);
    expect(mean(column(3))).toBeCloseTo(whole.logLikelihood.mean, 12);
    for (const index of [2, 4]) expect(Math.min(...column(index))).toBeGreaterThan(0);
    expect(new Set(column(5))).toEqual(new Set([20]));
  });

  it('writes the same as an array of records', async () => {
    await call('eval bars --samples 20 --rows 4 --per-row rows.csv');
    await call('eval bars --samples 20 --rows 4 --per-row rows.npy');
    const bytes = readFileSync(join(folder, 'rows.npy'));
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    const start = 10 + bytes.readUInt16LE(8);
    expect(start % 64).toBe(0);
    const names = ['row', 'bound', 'bound_error', 'log_likelihood', 'log_likelihood_error', 'samples'];
    const fields = names.map((name) => `('${name}', '<f8')`).join(', ');
    expect(bytes.subarray(10, start).toString().trimEnd()).toBe(
      `{'descr': [${fields}], 'fortran_order': False, 'shape': (4,), }`,
    );
    const values = Array.from({ length: (bytes.length - start) / 8 }, (_, index) =>
      bytes.readDoubleLE(start + 8 * index),
    );
    expect(values).toEqual(readCsv('rows.csv').rows.flat().map(Number));
  });

  it('has no error of a single draw, and none where nothing is drawn', async () => {
    await call('eval bars --samples 1 --per-row one.csv');
    for (const [, bound, boundError, likelihood, error] of readCsv('one.csv').rows)
      expect([likelihood, boundError, error]).toEqual([bound, '', '']);
    await call('eval plain --samples 1 --per-row exact.csv');
    for (const [, bound, boundError, likelihood, error] of readCsv('exact.csv').rows)
      expect([likelihood, boundError, error]).toEqual([bound, '0', '0']);
  });

  it('writes costs', async () => {
    await call('eval toy --samples 5 --rows 3 --per-row costs.csv');
    const { header, rows } = readCsv('costs.csv');
    expect(header).toBe('row,cost,cost_error,samples');
    expect(rows).toHaveLength(3);
    // (b − 0.499)² is 0.249001 or 0.251001.
    for (const [, cost] of rows) expect(Number(cost)).toBeCloseTo(0.25, 2);
  });

  it('takes no other file, and says so before it begins', async () => {
    expect(await call('eval bars --per-row rows.txt')).toEqual([
      2,
      '',
      'error: --per-row rows.txt: what to write follows from the ending\n  = hint: end it in .csv or .npy\n',
    ]);
    expect((await call('eval bars --per-row nowhere/rows.csv'))[0]).toBe(1);
  });
});
