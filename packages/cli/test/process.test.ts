/** The commands as processes: launchers, streams that break, signals. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNativeInstalled } from './native.js';

const MODEL = `data x: binary[4]
model {
  h ~ bernoulli(logits = bias(3))
  x ~ bernoulli(logits = dense(h, 4))
}
guide { h ~ bernoulli(logits = dense(x, 3)) }
maximize elbo
train { data x = bars(n = 2) }
`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-process-'));
  writeFileSync(join(folder, 'model.sbn'), MODEL);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Watched {
  /** Called with all of stderr so far, at each piece of it. */
  readonly onStderr?: (text: string, child: ReturnType<typeof spawn>) => void;
  /** Closes stdout at its first piece, as `head` does. */
  readonly closesStdout?: boolean;
}

function start(command: 'sbn' | 'sbnc', parameters: readonly string[], watched: Watched = {}): Promise<Result> {
  const launcher = join(import.meta.dirname, `../bin/${command}.js`);
  const child = spawn(process.execPath, [launcher, ...parameters], { cwd: folder });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString();
    if (watched.closesStdout === true) child.stdout.destroy();
  });
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
    watched.onStderr?.(stderr, child);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

describe('sbnc', () => {
  it('starts', async () => {
    expect(await start('sbnc', ['check', 'model.sbn'])).toEqual({
      code: 0,
      stdout: 'model.sbn: ok (1 latent, 1 observed)\n',
      stderr: '',
    });
  });

  it('says nothing when its reader leaves', async () => {
    const { code, stderr } = await start('sbnc', ['compile', 'model.sbn', '--emit', 'ast'], { closesStdout: true });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('an output that cannot be written', () => {
  it('is an error without a stack', async () => {
    const readOnly = openSync(join(folder, 'model.sbn'), 'r');
    const launcher = join(import.meta.dirname, '../bin/sbnc.js');
    const child = spawn(process.execPath, [launcher, 'check', 'model.sbn'], {
      cwd: folder,
      stdio: ['ignore', readOnly, 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    closeSync(readOnly);
    expect(stderr).toMatch(/^error: cannot write the output: [^\n]+\n$/);
    expect(code).toBe(1);
  });
});

describe('sbn', () => {
  const NATIVE = /, seed 0, native, onnxruntime \d+\.\d+\.\d+, 1 thread \(default\)\n$/;
  const WASM = /, seed 0, tfjs, wasm \(default\)(, as ONNX Runtime cannot be loaded: .+)?\n$/;

  it.each([
    ['natively where it can', [], isNativeInstalled ? NATIVE : WASM],
    ['on wasm', ['--engine', 'tfjs'], WASM],
  ])('trains %s, says so and nothing else, and evaluates what it wrote', async (_, options, engine) => {
    const run = await start('sbn', ['run', 'model.sbn', '--steps', '20', '--out', 'run', '--force', ...options]);
    const [first = '', ...rest] = run.stderr.split(/(?<=\n)/);
    expect(first).toMatch(engine);
    expect(rest.filter((line) => !line.startsWith('epoch '))).toEqual([]);
    expect(run.code).toBe(0);
    const evaluated = await start('sbn', ['eval', 'run', '--samples', '10', ...options]);
    expect([evaluated.code, evaluated.stderr]).toEqual([0, '']);
    expect(evaluated.stdout).toMatch(/^negative bound/);
  });

  it('keeps what it has learned on Ctrl-C, ends with 130, and goes on by the command that it prints', async () => {
    let asked = false;
    const options = ['--steps', '20000', '--out', "a long run's folder"];
    const { code, stdout, stderr } = await start('sbn', ['run', 'model.sbn', ...options], {
      onStderr: (text, child) => {
        if (asked || !/step \d+/.test(text)) return;
        asked = true;
        child.kill('SIGINT');
      },
    });
    expect([code, stdout]).toEqual([130, '']);
    const [, command = ''] = /interrupted after step [\d,]+; `(.*)` goes on\n$/.exec(stderr) ?? [];
    expect(command).toMatch(/^sbn resume /);
    expect((await start('sbn', ['eval', "a long run's folder", '--samples', '2'])).code).toBe(0);
    const sbn = `sbn() { "${process.execPath}" "${join(import.meta.dirname, '../bin/sbn.js')}" "$@"; }`;
    const resumed = spawnSync('sh', ['-c', `${sbn}; ${command}`], { cwd: folder, encoding: 'utf8' });
    expect(resumed.stderr).toMatch(/step 20,000\/20,000/);
    expect(resumed.status).toBe(0);
  });
});
