/** `sbn data`, and a run that keeps a share of its rows to measure on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../src/sbn.js';
import { FakeHost } from './fake-host.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sbn-data-'));
  writeFileSync(join(directory, 'flowers.csv'), 'petal,spots,kind\n1.5,2,rose\n-3,140,lily\n,1,rose\n');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

async function sbn(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const host = new FakeHost(directory);
  const code = await main(['node', 'sbn', ...args], host);
  return { code, out: host.stdout.text, err: host.stderr.text };
}

describe('sbn data', () => {
  it('shows columns, ranges, what is missing, and how to declare them', async () => {
    const { code, out } = await sbn('data', 'flowers.csv');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      'flowers.csv: 3 rows',
      '',
      'column  of a row  least  most  mean  missing  can be declared',
      'petal  1 value  -3  1.500  -0.7500  1  real',
      'spots  1 value  1  140  47.67  count',
      'kind  1 value  2 texts:  lily, rose  onehot[2]',
      '',
    ]);
  });

  it('draws rows that are pictures', async () => {
    const { out } = await sbn('data', 'bars,n=4', '--rows', '2');
    expect(out).toContain('bars: 30 rows');
    expect(out).toContain('binary[16]');
    expect(out).toContain('┌────┐ ┌────┐\n│    │ │▀▀▀▀│\n│    │ │    │\n└────┘ └────┘\n');
  });

  it('gives all of it as JSON', async () => {
    const { out } = await sbn('data', 'flowers.csv', '--json');
    expect(JSON.parse(out)).toMatchObject({
      source: 'flowers.csv',
      rows: 3,
      fields: [
        { name: 'petal', shape: [], declaration: 'real', least: -3, most: 1.5, missing: 1 },
        { name: 'spots', declaration: 'count' },
        { name: 'kind', declaration: 'onehot[2]', labels: ['lily', 'rose'] },
      ],
    });
  });

  it('says what is wrong with a source', async () => {
    const { code, err } = await sbn('data', 'flower.csv');
    expect(code).toBe(1);
    expect(err).toContain('error: flower.csv: there is no file');
    expect(err).toContain('a pattern such as part-*.csv');
  });
});

describe('--valid-share', () => {
  const model = 'data x: binary[16]\nmodel { x ~ bernoulli(logits = bias(16)) }\nmaximize likelihood\n';

  it('keeps the rows apart, and writes down which they are', async () => {
    writeFileSync(join(directory, 'm.sbn'), model);
    const { code, out } = await sbn(
      'run',
      'm.sbn',
      '--data',
      'x=bars,n=4',
      '--valid-share',
      '0.2',
      '--steps',
      '3',
      '--seed',
      '5',
    );
    expect(code).toBe(0);
    expect(out).toContain('(validation data, 6 rows, 1 sample each)');
    const config = readFileSync(join(directory, 'runs/m-1/config.json'), 'utf8');
    expect(config).toContain('"bars,n=4,part=0:0.8,split=5"');
    expect(config).toContain('"bars,n=4,part=0.8:1,split=5"');
  });

  it('is no use beside --valid, or a part of its own', async () => {
    writeFileSync(join(directory, 'm.sbn'), model);
    const both = await sbn('run', 'm.sbn', '--data', 'x=bars', '--valid', 'x=bars', '--valid-share', '0.2');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('both say what to measure on')]);
    const part = await sbn('run', 'm.sbn', '--data', 'x=bars,part=0:0.5', '--valid-share', '0.2');
    expect([part.code, part.err]).toEqual([2, expect.stringContaining('has a part of its own')]);
  });
});
