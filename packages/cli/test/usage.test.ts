import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, report, UserError } from '../src/exit.js';
import { main as sbn } from '../src/sbn.js';
import { main as sbnc } from '../src/sbnc.js';
import { FakeHost } from './fake-host.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-usage-'));
  writeFileSync(join(folder, 'toy.sbn'), TOY);
  writeFileSync(join(folder, 'noise.bin'), Uint8Array.from([0xff, 0xfe, 0x80, 0x00]));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const TOY = `/// A toy.
const t = 0.499
param eta: real[20] = zeros
model { b ~ bernoulli(logits = eta) }
minimize mean((b - t)^2)
`;

const COMMANDS = { sbn, sbnc };

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function call(line: string): Promise<Result> {
  const [name = '', ...rest] = line.split(' ');
  const host = new FakeHost(folder);
  const main = name === 'sbn' ? COMMANDS.sbn : COMMANDS.sbnc;
  const code = await main(['node', name, ...rest], host);
  return { code, stdout: host.stdout.text, stderr: host.stderr.text };
}

describe('help', () => {
  it.each(['sbn', 'sbnc'])('%s --help lists its commands and exit codes', async (name) => {
    const { code, stdout, stderr } = await call(`${name} --help`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: ${name}`);
    expect(stdout).toContain('Exit codes:');
    for (const command of name === 'sbn'
      ? ['run', 'eval', 'sample', 'report', 'compare', 'verify']
      : ['check', 'compile', 'explain', 'fmt', 'graph']) {
      expect(stdout).toMatch(new RegExp(`^  ${command} .*\\S`, 'm'));
    }
  });

  it.each([
    'sbn run',
    'sbn eval',
    'sbn sample',
    'sbn report',
    'sbn compare',
    'sbn verify',
    'sbnc check',
    'sbnc compile',
    'sbnc explain',
    'sbnc fmt',
    'sbnc graph',
  ])('%s --help has examples of itself', async (command) => {
    const { code, stdout } = await call(`${command} --help`);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: ${command}`);
    expect(stdout).toContain(`  $ ${command} `);
  });

  it('goes to stderr, with code 2, where there is no command', async () => {
    const { code, stdout, stderr } = await call('sbn');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: sbn');
  });

  it('knows its version', async () => {
    expect((await call('sbnc --version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

/** A command line, and what the message must say. */
const MISUSES: readonly (readonly [line: string, ...said: string[]])[] = [
  ['sbn run', 'file'],
  ['sbn rum toy.sbn', 'rum', 'run'],
  ['sbn run toy.sbn --epoch 3', '--epoch', '--epochs'],
  ['sbn run toy.sbn --epochs -3', '--epochs', '-3', 'whole number, 1 or more'],
  ['sbn run toy.sbn --epochs 0', '--epochs', 'whole number, 1 or more'],
  ['sbn run toy.sbn --epochs', '--epochs', 'missing'],
  ['sbn run toy.sbn --steps 1.5', '--steps', '1.5', 'whole number'],
  ['sbn run toy.sbn --batch many', '--batch', 'many', 'whole number'],
  ['sbn run toy.sbn --lr abc', '--lr', 'abc', 'above 0'],
  ['sbn run toy.sbn --lr 0', '--lr', 'above 0'],
  ['sbn run toy.sbn --lr Infinity', '--lr', 'above 0'],
  ['sbn run toy.sbn --momentum 1', '--momentum', '1'],
  ['sbn run toy.sbn --seed -1', '--seed', '4294967295'],
  ['sbn run toy.sbn --seed 4294967296', '--seed', '4294967295'],
  ['sbn run toy.sbn --optimizer adam(lr', '--optimizer', 'Write a name'],
  ['sbn run toy.sbn --engine cuda', '--engine', 'native, tfjs, reference'],
  ['sbn run toy.sbn --engine tfjs --threads 2', '--threads', 'the tfjs engine has one'],
  ['sbn run toy.sbn --threads 0', '--threads'],
  ['sbn run toy.sbn --backend gpu', '--backend', 'wasm, cpu'],
  ['sbn run toy.sbn --engine reference --backend cpu', '--backend'],
  ['sbn run toy.sbn --data bars', '--data', 'NAME=VALUE'],
  ['sbn run toy.sbn --data x=bars', '--data x', 'no data'],
  ['sbn run toy.sbn --set t', '--set', 'NAME=VALUE'],
  ['sbn run toy.sbn --set t=half', '--set t=half', 'not a number'],
  ['sbn run toy.sbn --set t=1 --set t=2', '--set', 'twice'],
  ['sbn run toy.sbn --set T=1', '--set T', 'did you mean `t`?'],
  ['sbn run toy.sbn toy.sbn', 'too many arguments'],
  ['sbn sample somewhere -o samples.jpg', 'samples.jpg', '.npy'],
  ['sbnc compile toy.sbn --emit tokens', '--emit', 'ast, model, graph, marginal, plan, program, artifact'],
  ['sbnc compile toy.sbn --passes', '--passes', '--emit program'],
  ['sbnc explain toy.sbn --site c', '--site c', '`b`'],
  ['sbnc check', 'file'],
  ['sbnc fmt', 'file'],
  ['sbnc fmt toy.sbn --check --write', '--check', '--write'],
  ['sbnc fmt - --write', '--write', 'standard input'],
  ['sbn verify', 'file'],
  ['sbn verify toy.sbn --seed -1', '--seed'],
  ['sbn verify toy.sbn --backend cpu', '--backend'],
  ['sbn verify toy.sbn --set N=3', '--set N', '`t`'],
];

describe('a command line that is wrong', () => {
  it.each(MISUSES.map(([line, ...said]) => ({ line, said })))('$line', async ({ line, said }) => {
    const { code, stdout, stderr } = await call(line);
    expect(stderr).toMatch(/^error: /);
    for (const part of said) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect([code, stdout]).toEqual([2, '']);
  });
});

/** The same for files: exit code 1. */
const BAD_FILES: readonly (readonly [line: string, ...said: string[]])[] = [
  ['sbnc check nothing.sbn', 'nothing.sbn', 'no such file'],
  ['sbnc check .', '. is a folder'],
  ['sbnc fmt nothing.sbn', 'nothing.sbn', 'no such file'],
  ['sbnc fmt noise.bin', 'noise.bin', 'not UTF-8'],
  ['sbnc check noise.bin', 'noise.bin', 'not UTF-8'],
  ['sbnc compile toy.sbn -o .', 'cannot write .', 'folder'],
  ['sbnc compile toy.sbn -o no/such/model.json', 'no/such/model.json', 'no folder no/such'],
  ['sbn run nothing.sbn', 'nothing.sbn', 'no such file'],
  ['sbn verify nothing.sbn', 'nothing.sbn', 'no such file'],
  ['sbn verify toy.sbn --params nothing.json --set t=0.1', 'too many to be counted out'],
  ['sbn eval nowhere', 'no folder nowhere', 'sbn run'],
  ['sbn sample .', 'holds no run', 'config.json'],
  ['sbn sample . -o no/such/x.json', 'no folder no/such'],
];

describe('a file that is wrong', () => {
  it.each(BAD_FILES.map(([line, ...said]) => ({ line, said })))('$line', async ({ line, said }) => {
    const { code, stdout, stderr } = await call(line);
    expect(stderr).toMatch(/^error: /);
    for (const part of said) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect([code, stdout]).toEqual([1, '']);
  });
});

describe('report', () => {
  it('shows a stack for a bug of ours alone, and asks to report it', () => {
    const host = new FakeHost(folder);
    expect(report(new TypeError('undefined is not a function'), host)).toBe(EXIT.bug);
    expect(host.stderr.text).toMatch(/^error: this is a bug in sbn/);
    expect(host.stderr.text).toContain('please report it');
    expect(host.stderr.text).toMatch(/^ {4}at /m);
  });

  it('shows the problem and the way out for a mistake', () => {
    const host = new FakeHost(folder);
    expect(report(new UserError('it is broken', 'mend it'), host)).toBe(EXIT.user);
    expect(host.stderr.text).toBe('error: it is broken\n  = hint: mend it\n');
  });
});
