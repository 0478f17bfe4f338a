/**
 * What stops a run: a full disk, a folder that cannot be written, a learning rate that is too high. Each is told with its cause and the way
 * out, and the last checkpoint is as it was.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSbn } from './call-sbn.js';
import { FakeHost } from './fake-host.js';

const LAUNCHER = join(import.meta.dirname, '../bin/sbn.js');

/** Its checkpoints are larger than its artifact. */
const MODEL = `const H = 60
data x: binary[16]
model {
  h2 ~ bernoulli(logits = bias(H))
  h1 ~ bernoulli(logits = dense(h2, H))
  x ~ bernoulli(logits = dense(h1, 16))
}
guide {
  h1 ~ bernoulli(logits = dense(x, H))
  h2 ~ bernoulli(logits = dense(h1, H))
}
maximize elbo
train { data x = bars(n = 4)  batch = 30 }
`;

const RUN = 'run model.sbn --engine tfjs --quiet --checkpoint-every 20 --no-tensorboard';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-failures-'));
  writeFileSync(join(folder, 'model.sbn'), MODEL);
  expect(call(`${RUN} --steps 60 --out whole`).code).toBe(0);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of bash in which \`sbn\` is ours. */
function bash(line: string): Result {
  const command = `sbn() { "${process.execPath}" "${LAUNCHER}" "$@"; }; ${line}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

function call(line: string): Result {
  return bash(`sbn ${line}`);
}

function callHere(line: string): Promise<Result> {
  return callSbn(new FakeHost(folder), line);
}

function checkpoints(run: string): readonly (readonly [string, string])[] {
  return readdirSync(join(folder, run))
    .filter((name) => name.includes('safetensors'))
    .map((name) => [name, readFileSync(join(folder, run, name), 'latin1')]);
}

function bytes(run: string): Buffer {
  return readFileSync(join(folder, run, 'checkpoint.safetensors'));
}

/** Whether a file system of our own can be mounted, in a namespace that nobody else sees. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe('a file that cannot be written while a run trains', () => {
  it('ends it with the cause and the way out, and leaves checkpoints that it goes on from', () => {
    expect(call(`${RUN} --steps 20 --out limited`).code).toBe(0);
    // As if it had been begun for longer, and interrupted.
    const config = join(folder, 'limited/config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('"steps": 20', '"steps": 60'));
    const before = checkpoints('limited');
    const { code, stdout, stderr } = bash('ulimit -f 40; sbn resume limited --quiet');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      'error: cannot write limited: it would be larger than files may be here\n' +
        '  = hint: allow it, or write to another place; the checkpoint after step 20 is whole, and `sbn resume limited` goes on from there\n',
    );
    expect(checkpoints('limited')).toEqual(before);
    expect(call('resume limited --quiet').code).toBe(0);
    expect(bytes('limited')).toEqual(bytes('whole'));
  }, 60_000);

  it.runIf(existsSync('/dev/full'))(
    'is told of the metrics too, where there is no space for them',
    () => {
      mkdirSync(join(folder, 'full'));
      symlinkSync('/dev/full', join(folder, 'full/metrics.csv'));
      const { code, stdout, stderr } = call(`${RUN} --steps 60 --out full --force`);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        'error: cannot write full: no space is left on the device\n' +
          '  = hint: make room there, or write to another place; the checkpoint after step 0 is whole, and `sbn resume full` goes on from there\n',
      );
      rmSync(join(folder, 'full/metrics.csv'));
      expect(call('resume full --quiet').code).toBe(0);
      expect(bytes('full')).toEqual(bytes('whole'));
    },
    60_000,
  );

  it.runIf(canMount)(
    'a disk that fills up under a run',
    () => {
      mkdirSync(join(folder, 'disk'));
      const steps = [
        'mount -t tmpfs -o size=1m tmpfs disk',
        `sbn ${RUN} --steps 20 --out disk/run > /dev/null`,
        'sed -i "s/\\"steps\\": 20/\\"steps\\": 60/" disk/run/config.json',
        'cat disk/run/*.safetensors | sha256sum; echo > disk/small; head -c 10000000 /dev/zero > disk/other 2> /dev/null',
        'sbn resume disk/run --quiet; echo "code $?"',
        // Room for the lock, and for nothing else.
        'rm disk/small; sbn resume disk/run --quiet; echo "code $?"',
        'cat disk/run/*.safetensors | sha256sum; rm disk/other',
        'sbn resume disk/run --quiet > /dev/null; echo "code $?"; cmp disk/run/checkpoint.safetensors whole/checkpoint.safetensors && echo same',
      ];
      const script = `sbn() { '${process.execPath}' '${LAUNCHER}' "$@"; }\n${steps.join('\n')}\n`;
      writeFileSync(join(folder, 'disk.sh'), script);
      const { stdout, stderr } = bash('unshare -rm bash disk.sh');
      const [before, full, failed, after, ...rest] = stdout.trimEnd().split('\n');
      expect([full, failed, ...rest]).toEqual(['code 1', 'code 1', 'code 0', 'same']);
      expect(after).toBe(before);
      expect(stderr).toMatch(
        /^error: cannot write disk\/run\/run\.lock: no space is left on the device\n.*\nerror: cannot write \S*disk\/run: no space is left on the device\n {2}= hint: make room there, or write to another place; the checkpoint after step 20 is whole, and `sbn resume disk\/run` goes on from there\n$/,
      );
    },
    60_000,
  );
});

describe('a folder that cannot be written', () => {
  const isRoot = process.getuid?.() === 0;

  it.runIf(!isRoot)('is told before anything is trained', async () => {
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o555);
    for (const out of ['closed', 'closed/run']) {
      const { code, stdout, stderr } = await callHere(`${RUN} --steps 20 --out ${out}`);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        /^error: cannot (write|make the folder) closed.*: permission denied\n {2}= hint: allow it, /,
      );
    }
  });

  it.runIf(canMount)(
    'is told before anything is trained, on a file system that is read-only',
    () => {
      mkdirSync(join(folder, 'fixed'));
      const mount = 'mount -t tmpfs -o ro tmpfs fixed';
      const script = `sbn() { '${process.execPath}' '${LAUNCHER}' "$@"; }\n${mount}\nsbn ${RUN} --out fixed\nsbn ${RUN} --out fixed/run\n`;
      writeFileSync(join(folder, 'fixed.sh'), script);
      const { code, stdout, stderr } = bash('unshare -rm bash fixed.sh');
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        'error: cannot write fixed/run.lock: the file system is read-only\n  = hint: allow it, or write to another place\n' +
          'error: cannot make the folder fixed/run: the file system is read-only\n  = hint: allow it, or write to another place\n',
      );
    },
    60_000,
  );

  it('is told where a file stands in its place', async () => {
    writeFileSync(join(folder, 'taken'), '');
    const { code, stderr } = await callHere(`${RUN} --steps 20 --out taken/run`);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: cannot make the folder taken/)]);
  });
});

describe('a learning rate that explodes', () => {
  it.each([
    ['adam', '1e38', '1e+37', /^error: step 1: the sum of the updated parameter \S+ is -?(NaN|Infinity)\n/],
    ['sgd', '1e37', '1e+36', /^error: step 2: the loss is Infinity\n/],
  ])(
    'of %s ends the run with where it was seen, and a lower one goes on from the checkpoint',
    async (name, lr, lower, said) => {
      const run = `exploded-${name}`;
      const line = `${RUN.replace('tfjs', 'tfjs --backend cpu')} --steps 40 --set H=4 --optimizer ${name}`;
      const { code, stdout, stderr } = await callHere(`${line} --lr ${lr} --out ${run}`);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(said);
      const [, safe, rate] =
        /lower the learning rate, .*; the checkpoint after step (\d+) is whole, and `sbn resume \S+ --lr (\S+)` goes on from there\n$/.exec(
          stderr,
        ) ?? [];
      expect([safe, rate]).toEqual(['0', lower]);
      const before = checkpoints(run);
      expect(before.map(([file]) => file)).toEqual(['checkpoint.safetensors']);
      // By itself it ends in the same place.
      const again = await callHere(`resume ${run} --quiet`);
      expect([again.code, again.stderr]).toEqual([1, stderr]);
      expect(checkpoints(run)).toEqual(before);
      expect((await callHere(`resume ${run} --quiet --lr 0.01`)).code).toBe(0);
      expect((await callHere(`${line} --lr 0.01 --out tame-${name}`)).code).toBe(0);
      expect(bytes(run)).toEqual(bytes(`tame-${name}`));
    },
  );
});
