import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutMetrics, MetricsFile } from '../src/metrics.js';
import { createRunDirectory, openRunDirectory } from '../src/run-directory.js';
import type { RunLocks } from '../src/lock/run-lock.js';
import { FakeHost } from './fake-host.js';

/** Locks are tried in lock.test.ts. */
const NO_LOCKS: RunLocks = { take: () => undefined };

let folder = '';
let host = new FakeHost('.');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-run-'));
  host = new FakeHost(folder);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('createRunDirectory', () => {
  it('takes the first free number', () => {
    expect(createRunDirectory(undefined, 'bars', false, NO_LOCKS, host).path).toBe(join('runs', 'bars-1'));
    expect(createRunDirectory(undefined, 'bars', false, NO_LOCKS, host).path).toBe(join('runs', 'bars-2'));
    expect(createRunDirectory(undefined, 'toy', false, NO_LOCKS, host).path).toBe(join('runs', 'toy-1'));
  });

  it('uses a folder that holds no run, and refuses one that does, unless it is told to', () => {
    mkdirSync(join(folder, 'here'));
    writeFileSync(join(folder, 'here/notes.txt'), 'mine');
    expect(createRunDirectory('here', 'bars', false, NO_LOCKS, host).path).toBe('here');
    writeFileSync(join(folder, 'here/metrics.csv'), 'step\n');
    expect(() => createRunDirectory('here', 'bars', false, NO_LOCKS, host)).toThrow('here already holds a run');
    expect(createRunDirectory('here', 'bars', true, NO_LOCKS, host).path).toBe('here');
  });

  it('has nothing of the run that was there before', () => {
    mkdirSync(join(folder, 'here'));
    const old = [
      'checkpoint.safetensors',
      'checkpoint.2.safetensors',
      'best.safetensors',
      'events.out.tfevents.0000000001.sbn',
    ];
    for (const name of [...old, 'notes.txt']) writeFileSync(join(folder, 'here', name), '');
    createRunDirectory('here', 'bars', true, NO_LOCKS, host);
    expect(readdirSync(join(folder, 'here'))).toEqual(['notes.txt']);
  });

  it('says why a folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => createRunDirectory('file/run', 'bars', false, NO_LOCKS, host)).toThrow(
      /^cannot make the folder file.run: /,
    );
    expect(() => createRunDirectory('file', 'bars', false, NO_LOCKS, host)).toThrow(/^cannot make the folder file: /);
  });
});

describe('openRunDirectory', () => {
  function write(name: string, text: string): void {
    writeFileSync(join(folder, name), text);
  }

  it.each([
    ['{', 'is damaged: it is not JSON'],
    ['[]', 'is not the configuration of a run'],
    ['{"format":"sbn-run","version":2}', 'written by another version of sbn: its version is 2'],
    ['{"format":"sbn-run","version":1,"data":{"x":4},"valid":{}}', 'is damaged: `data` and `valid` must hold texts'],
  ])('refuses the configuration %s', (config, said) => {
    write('config.json', config);
    write('artifact.json', '{}');
    write('checkpoint.safetensors', '');
    expect(() => openRunDirectory('.', host)).toThrow(said);
  });

  it('refuses an artifact that is none', () => {
    write('config.json', '{"format":"sbn-run","version":1,"data":{},"valid":{},"steps":1}');
    write('artifact.json', '{"format":"other"}');
    write('checkpoint.safetensors', '');
    expect(() => openRunDirectory('.', host)).toThrow(
      'artifact.json is damaged, or of another version of sbn: $.format',
    );
  });
});

describe('MetricsFile', () => {
  const details = { terms: { 'log p(x)': 4.5 }, signals: { 'h[1]': { mean: 0.5, variance: 2 } } };
  const first = { step: 10, epoch: 1, loss: 4.25, validation: undefined, seconds: 1.23456, learningRate: 0.1, details };
  const second = { ...first, step: 20, epoch: 2, loss: 4, validation: 4.5, seconds: 2 };
  const HEADER =
    'step,epoch,loss,validation,seconds,term log p(x),signal mean h[1],signal variance h[1],learning rate,rows per second\n';

  it('writes a header from the first row, then a row at a time', () => {
    const path = join(folder, 'metrics.csv');
    const file = new MetricsFile(path, false);
    file.write({ ...first, rowsPerSecond: 1234.5 });
    expect(readFileSync(path, 'utf8')).toBe(`${HEADER}10,1,4.25,,1.235,4.5,0.5,2,0.1,1235\n`);
    file.write({ ...second, rowsPerSecond: undefined });
    file.close();
    expect(readFileSync(path, 'utf8')).toBe(
      `${HEADER}10,1,4.25,,1.235,4.5,0.5,2,0.1,1235\n20,2,4,4.5,2,4.5,0.5,2,0.1,\n`,
    );
  });

  it('goes on with the columns that a file has', () => {
    const path = join(folder, 'metrics.csv');
    const old = 'step,epoch,loss,validation,seconds,signal variance h[1],"gone, since"\n10,1,4.25,,1.235,2,7\n';
    writeFileSync(path, old);
    const file = new MetricsFile(path, true);
    file.write({ ...second, rowsPerSecond: 1000 });
    file.close();
    expect(readFileSync(path, 'utf8')).toBe(`${old}20,2,4,4.5,2,2,\n`);
  });

  it('is cut to the rows up to a step, a row that broke off left out', () => {
    const path = join(folder, 'metrics.csv');
    writeFileSync(path, 'step,epoch,loss,validation,seconds\n10,1,4,,1\n20,2,3,3.5,2\n30,3,2,2.5,3\n40,4,');
    expect(cutMetrics(path, 20)).toEqual([3.5]);
    expect(readFileSync(path, 'utf8')).toBe('step,epoch,loss,validation,seconds\n10,1,4,,1\n20,2,3,3.5,2\n');
    expect(cutMetrics(join(folder, 'none.csv'), 20)).toEqual([]);
  });
});
