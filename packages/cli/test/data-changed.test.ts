/** A run goes on with the rows that it was begun with, and with no others unless it is told to. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callSbn, type Called } from './call-sbn.js';
import { FakeHost } from './fake-host.js';
import { TINY_MODEL } from './tiny-model.js';

const MODEL = TINY_MODEL;

const ROWS = 40;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-data-'));
  writeFileSync(join(folder, 'model.sbn'), MODEL);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  write(rows());
});

/** Bits that depend on the row. */
function rows(): number[][] {
  return Array.from({ length: ROWS }, (_, row) => [0, 1, 2, 3].map((bit) => ((row * 5) >> bit) & 1));
}

function write(values: readonly (readonly (number | string)[])[]): void {
  writeFileSync(join(folder, 'x.csv'), `a,b,c,d\n${values.map((row) => `${row.join(',')}\n`).join('')}`);
}

function call(line: string): Promise<Called> {
  return callSbn(new FakeHost(folder), line);
}

async function begin(out: string, source = 'x.csv', more = ''): Promise<Buffer> {
  const line = `run model.sbn --data x=${source} --batch 10 --seed 2 --quiet --out`;
  const begun = await call(`${line} ${out} --steps 10 ${more}`.trim());
  expect([begun.code, begun.stderr]).toEqual([0, '']);
  expect((await call(`${line} whole-${out} --steps 20 ${more}`.trim())).code).toBe(0);
  return checkpoint(`whole-${out}`);
}

function checkpoint(out: string): Buffer {
  return readFileSync(join(folder, out, 'checkpoint.safetensors'));
}

const resume = (out: string, more = ''): Promise<Called> => call(`resume ${out} --steps 20 --quiet ${more}`.trim());

describe('a run whose data have changed', () => {
  it.each([
    ['memory', 'x.csv'],
    ['pieces', 'x.csv,stream'],
  ])('is refused, in %s, by what has changed, and goes on with the file as it was', async (name, source) => {
    const whole = await begin(name, source);
    const before = checkpoint(name);

    write(rows().map((row, index) => (index === 17 ? row.map((bit) => 1 - bit) : row)));
    const contents = await resume(name);
    expect([contents.code, contents.stdout]).toEqual([1, '']);
    expect(contents.stderr).toMatch(
      new RegExp(
        `^error: the data of ${name} have changed since it was made, so it cannot go on as if it had never stopped\n` +
          ` {2}data +x \\(.*x\\.csv\\) +contents of checksum [0-9a-f]{8} → contents of checksum [0-9a-f]{8}\n` +
          ` {2}= hint: with the data as they were, \`sbn resume ${name}\` goes on; --force goes on with them as they are now, `,
      ),
    );

    appendFileSync(join(folder, 'x.csv'), '1,1,1,1\n');
    const longer = await resume(name);
    expect(longer.stderr).toMatch(/^ {2}data +x \(.*x\.csv\) +40 rows → 41 rows$/m);
    expect(checkpoint(name)).toEqual(before);

    // Written anew, so that the time of the file is another one.
    write(rows());
    expect((await resume(name)).code).toBe(0);
    expect(checkpoint(name)).toEqual(whole);
  });

  it('is refused for validation data too', async () => {
    writeFileSync(join(folder, 'valid.csv'), 'a,b,c,d\n0,1,0,1\n1,1,0,0\n');
    await begin('validated', 'x.csv', '--valid x=valid.csv');
    writeFileSync(join(folder, 'valid.csv'), 'a,b,c,d\n0,1,0,1\n1,1,0,1\n');
    const { code, stderr } = await resume('validated');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ {2}validation data +x \(.*valid\.csv\) +contents of checksum/m);
    expect(stderr).not.toMatch(/^ {2}data /m);
  });

  it('goes on with --force in a new folder, and the old one stays', async () => {
    await begin('old');
    const before = checkpoint('old');
    write(rows().slice(0, 30));
    const { code, stderr } = await resume('old', '--force --out new');
    expect(code).toBe(0);
    expect(stderr).toContain('goes on in new, after 10 steps of old, which stays as it is');
    expect(checkpoint('old')).toEqual(before);
    // It knows the new data.
    expect((await call('resume new --steps 25 --quiet')).code).toBe(0);
  });

  it('is the same one where what has changed are rows that it does not take', async () => {
    const whole = await begin('first', 'x.csv,rows=30');
    write([...rows().slice(0, 35), [1, 1, 1, 1]]);
    expect((await resume('first')).code).toBe(0);
    expect(checkpoint('first')).toEqual(whole);
  });

  it('is told of a file that is read in pieces and was written to, though it looks the same', async () => {
    const whole = await begin('touched', 'x.csv,stream');
    utimesSync(join(folder, 'x.csv'), 1e9, 1e9);
    const { code, stderr } = await resume('touched');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^note: the files of data x have been written to since touched was made; .* are the same\n$/,
    );
    expect(checkpoint('touched')).toEqual(whole);
  });

  it('is not asked where it was made before there was anything to ask, and is from then on', async () => {
    await begin('early');
    const path = join(folder, 'early/config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...config, fingerprints: undefined }));
    write(rows().slice(1));
    expect((await resume('early')).code).toBe(0);
    write(rows().slice(2));
    expect((await call('resume early --steps 30 --quiet')).stderr).toMatch(/39 rows → 38 rows/);
  });

  it('says so where what is kept of its data is damaged', async () => {
    await begin('damaged');
    const path = join(folder, 'damaged/config.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"rows": 40', '"rows": "many"'));
    const { code, stderr } = await resume('damaged');
    expect([code, stderr]).toEqual([1, 'error: damaged/config.json is damaged: what is `fingerprints.data.x`?\n']);
  });
});
