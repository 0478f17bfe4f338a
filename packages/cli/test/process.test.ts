/** The commands as processes: launchers, streams that break, signals. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNativeInstalled } from './native.js';
import { TINY_MODEL } from './tiny-model.js';

const MODEL = `${TINY_MODEL}train { data x = bars(n = 2) }
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
  /** What has ended it where that was a signal. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Child = ReturnType<typeof spawn>;

interface Watched {
  /** Called with all of it so far, at each piece of it. */
  readonly onStderr?: (text: string, child: Child) => void;
  readonly onStdout?: (text: string, child: Child) => void;
  /** Closes stdout at its first piece, as `head` does. */
  readonly closesStdout?: boolean;
}

/** Does something when a text has come, and only then. */
function once(text: RegExp, act: (child: Child) => void): (said: string, child: Child) => void {
  let isDone = false;
  return (said, child) => {
    if (isDone || !text.test(said)) return;
    isDone = true;
    act(child);
  };
}

function start(command: 'sbn' | 'sbnc', parameters: readonly string[], watched: Watched = {}): Promise<Result> {
  const launcher = join(import.meta.dirname, `../bin/${command}.js`);
  const child = spawn(process.execPath, [launcher, ...parameters], { cwd: folder });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString();
    watched.onStdout?.(stdout, child);
    if (watched.closesStdout === true) child.stdout.destroy();
  });
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
    watched.onStderr?.(stderr, child);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}

describe('sbnc', () => {
  it('starts', async () => {
    expect(await start('sbnc', ['check', 'model.sbn'])).toEqual({
      code: 0,
      signal: null,
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

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'keeps what it has learned on %s, ends with %i, and goes on by the command that it prints',
    async (signal, exit) => {
      const out = `a long run's folder, ${signal}`;
      const options = ['--steps', '10000', '--out', out];
      const { code, stdout, stderr } = await start('sbn', ['run', 'model.sbn', ...options], {
        onStderr: once(/step \d+/, (child) => {
          child.kill(signal);
          // As it comes where `npx` passes on what the terminal has sent to both.
          child.kill(signal);
        }),
      });
      expect([code, stdout]).toEqual([exit, '']);
      const [, command = ''] = /interrupted after step [\d,]+; `(.*)` goes on\n$/.exec(stderr) ?? [];
      expect(command).toMatch(/^sbn resume /);
      expect((await start('sbn', ['eval', out, '--samples', '2'])).code).toBe(0);
      const sbn = `sbn() { "${process.execPath}" "${join(import.meta.dirname, '../bin/sbn.js')}" "$@"; }`;
      const resumed = spawnSync('sh', ['-c', `${sbn}; ${command}`], { cwd: folder, encoding: 'utf8' });
      expect(resumed.stderr).toMatch(/step 10,000\/10,000/);
      expect(resumed.status).toBe(0);
    },
  );

  it('ends at once the second time', async () => {
    // Of so many rows that the measurement after the first step is long enough for any number of signals.
    writeFileSync(
      join(folder, 'slow.sbn'),
      MODEL.replace('binary[4]', 'binary[144]').replaceAll('3)', '900)').replace(', 4)', ', 144)'),
    );
    const options = [
      '--data',
      'x=bars,n=12',
      '--valid',
      'x=bars,n=12',
      '--valid-every',
      '1',
      '--engine',
      'tfjs',
      '--backend',
      'cpu',
    ];
    let timer: NodeJS.Timeout | undefined;
    const { code, signal, stderr } = await start('sbn', ['run', 'slow.sbn', ...options, '--out', 'twice', '--json'], {
      onStdout: once(/"checkpoint"/, (child) => {
        timer = setInterval(() => child.kill('SIGTERM'), 100);
      }),
    });
    clearInterval(timer);
    expect([code, signal, stderr]).toEqual([null, 'SIGTERM', '']);
  });
});
