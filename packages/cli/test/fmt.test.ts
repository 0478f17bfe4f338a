import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { main as sbnc } from '../src/sbnc.js';
import { FakeHost } from './fake-host.js';

const folder = mkdtempSync(join(tmpdir(), 'sbn-fmt-'));
const LOOSE = '// A remark.\nmodel{b~bernoulli(logits=0)}\nminimize b   // or so\n';
const TIDY = '// A remark.\nmodel { b ~ bernoulli(logits = 0) }\nminimize b // or so\n';
const WRONG = 'model { b ~ }\nminimize   b\n';

beforeEach(() => {
  writeFileSync(join(folder, 'loose.sbn'), LOOSE);
  writeFileSync(join(folder, 'tidy.sbn'), TIDY);
  writeFileSync(join(folder, 'wrong.sbn'), WRONG);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

async function call(
  line: string,
  input?: string | Uint8Array,
): Promise<[code: number, stdout: string, stderr: string]> {
  const host = new FakeHost(folder);
  if (input !== undefined) host.stdin = { isTerminal: false, read: () => Buffer.from(input) };
  const code = await sbnc(['node', ...line.split(' ')], host);
  return [code, host.stdout.text, host.stderr.text];
}

describe('sbnc fmt', () => {
  it('prints the canonical form, and changes nothing', async () => {
    expect(await call('sbnc fmt loose.sbn')).toEqual([0, TIDY, '']);
    expect(await call('sbnc fmt loose.sbn tidy.sbn')).toEqual([0, TIDY + TIDY, '']);
    expect(read('loose.sbn')).toBe(LOOSE);
  });

  it('formats standard input', async () => {
    expect(await call('sbnc fmt', LOOSE)).toEqual([0, TIDY, '']);
    expect(await call('sbnc fmt -', LOOSE)).toEqual([0, TIDY, '']);
    expect(await call('sbnc fmt tidy.sbn -', LOOSE)).toEqual([0, TIDY + TIDY, '']);
    expect(await call('sbnc fmt --check', TIDY)).toEqual([0, '', '']);
    const [code, stdout, stderr] = await call('sbnc fmt', WRONG);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('standard input:1:');
    expect(await call('sbnc fmt', Uint8Array.of(0xff))).toEqual([1, '', expect.stringContaining('not UTF-8')]);
  });

  it('--write writes over what is not in the canonical form, and names it', async () => {
    expect(await call('sbnc fmt --write loose.sbn tidy.sbn')).toEqual([0, 'loose.sbn: formatted\n', '']);
    expect([read('loose.sbn'), read('tidy.sbn')]).toEqual([TIDY, TIDY]);
    expect(await call('sbnc fmt --write loose.sbn')).toEqual([0, '', '']);
  });

  it('--check names what is not, and changes nothing', async () => {
    const [code, stdout, stderr] = await call('sbnc fmt --check tidy.sbn loose.sbn');
    expect([code, stdout]).toEqual([1, 'loose.sbn\n']);
    expect(stderr).toBe(
      'error: 1 file is not in the canonical form\n  = hint: `sbnc fmt --write` brings them into it\n',
    );
    expect(read('loose.sbn')).toBe(LOOSE);
    expect(await call('sbnc fmt --check tidy.sbn')).toEqual([0, '', '']);
  });

  it.each(['', ' --write', ' --check'])('leaves alone what has syntax errors, and goes on: fmt%s', async (option) => {
    const [code, , stderr] = await call(`sbnc fmt${option} wrong.sbn loose.sbn`);
    expect(code).toBe(1);
    expect(stderr).toContain('wrong.sbn:1:');
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(read('wrong.sbn')).toBe(WRONG);
    expect(read('loose.sbn')).toBe(option === ' --write' ? TIDY : LOOSE);
  });

  it('keeps the line ends of Windows', async () => {
    writeFileSync(join(folder, 'loose.sbn'), LOOSE.replaceAll('\n', '\r\n'));
    expect((await call('sbnc fmt --write loose.sbn'))[0]).toBe(0);
    expect(read('loose.sbn')).toBe(TIDY.replaceAll('\n', '\r\n'));
  });

  it('reads what is piped into the process', () => {
    const bin = fileURLToPath(new URL('../bin/sbnc.js', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'fmt'], { input: LOOSE, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, TIDY, '']);
  });

  it('has formatted the examples', async () => {
    const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));
    const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sbn'));
    expect(files.length).toBeGreaterThanOrEqual(7);
    expect(await call(`sbnc fmt --check ${files.map((file) => join(examples, file)).join(' ')}`)).toEqual([0, '', '']);
  });
});
