/** Runs whose model, data or settings have changed since: refused with what has changed, or taken over as far as they fit. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCheckpoint, type Checkpoint } from '@sbn/runtime';
import { afterAll, beforeEach, expect, describe, it } from 'vitest';
import { callSbn, type Called } from './call-sbn.js';
import { FakeHost } from './fake-host.js';

const LAYER = 'fn layer(h: real[n], out: int) -> real[out] {\n  return dense(h, out)\n}\n';
const MODEL = `import "layer.sbn"
const H = 3
data x: binary[4]
model {
  h ~ bernoulli(logits = bias(H))
  x ~ bernoulli(logits = layer(h, 4))
}
guide { h ~ bernoulli(logits = dense(x, H)) }
maximize elbo
train {
  data x = bars(n = 2)
  optimizer = adam(lr = 0.05)
  batch = 6
  steps = 20
}
`;

let folder = '';

beforeEach(async () => {
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'sbn-changed-'));
  writeFileSync(join(folder, 'layer.sbn'), LAYER);
  change();
  expect((await call('run model.sbn --engine reference --quiet --out old')).code).toBe(0);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes the model file anew, with texts of it replaced. */
function change(...replaced: readonly (readonly [string, string])[]): void {
  const text = replaced.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replaceAll(from, to);
  }, MODEL);
  writeFileSync(join(folder, 'model.sbn'), text);
}

function call(line: string, directory = folder): Promise<Called> {
  return callSbn(new FakeHost(directory), line);
}

function files(run: string): readonly (readonly [string, string])[] {
  const path = join(folder, run);
  return readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'latin1')]);
}

function checkpoint(run: string, name = 'checkpoint.safetensors'): Checkpoint {
  return decodeCheckpoint(readFileSync(join(folder, run, name)), name);
}

/** The command is refused, the run is left as it is, and what is printed has all of `said`. */
async function expectRefused(line: string, ...said: readonly (string | RegExp)[]): Promise<void> {
  const before = files('old');
  const { code, stdout, stderr } = await call(line);
  expect([code, stdout]).toEqual([1, '']);
  for (const part of said) expect(stderr).toMatch(part);
  expect(stderr).toMatch(/ {2}= hint: .*--force goes on with the changes in a new folder/);
  expect(files('old')).toEqual(before);
}

describe('a model that has changed', () => {
  it.each(['resume old --steps 30', 'run --resume old --steps 30', 'run model.sbn --resume old --steps 30'])(
    'is refused by sbn %s, with what has changed',
    async (line) => {
      change(
        ['const H = 3', 'const H = 2'],
        ['h ~ bernoulli(logits = dense(x, H))', 'h ~ bernoulli(logits = dense(x, H)) via nvil'],
      );
      await expectRefused(
        line,
        /^error: model\.sbn has changed since old was made, so it cannot go on as if it had never stopped\n/,
        /^ {2}constants +H +3 → 2$/m,
        /^ {2}estimators +h +muprop.* → nvil/m,
        /^ {2}parameters +.*\[3\] → \[2\]$/m,
        /^ {2} +model\.x\.\S*weight +\[3, 4\] → \[2, 4\]$/m,
        /^ {2}model\.sbn\n {2}@@ -1,4 \+1,4 @@\n {3}import "layer\.sbn"\n {2}-const H = 3\n {2}\+const H = 2\n/m,
        '`sbn resume old --keep-model` goes on with all as it was',
      );
    },
  );

  it('is found from another folder, and in an import', async () => {
    writeFileSync(
      join(folder, 'layer.sbn'),
      'fn layer(h: real[n], out: int) -> real[out] {\n  return dense(dense(h, 5), out)\n}\n',
    );
    mkdirSync(join(folder, 'elsewhere'));
    const { code, stderr } = await call('resume ../old', join(folder, 'elsewhere'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: layer\.sbn has changed since \.\.\/old was made, /);
    expect(stderr).toMatch(
      /^ {2}layer\.sbn\n {2}@@ -1,3 \+1,3 @@\n {3}fn layer.*\n {2}- {2}return.*\n {2}\+ {2}return/m,
    );
    expect(stderr).toMatch(/\(new\)$/m);
  });

  it('that does not compile any more is refused by its text, and by its mistakes where it is forced', async () => {
    change(['layer(h, 4)', 'layer(hh, 4)']);
    await expectRefused('resume old', /^ {2}-.*layer\(h, 4\)/m);
    const forced = await call('resume old --force');
    expect([forced.code, forced.stderr]).toEqual([1, expect.stringContaining('did you mean `h`?')]);
  });

  it('is none where only the wording is another', async () => {
    change(['const H = 3', '// Three of them.\nconst H = 2 + 1'], ['  h ~', '  /// A cause.\n  h   ~']);
    expect((await call('resume old --steps 30 --quiet')).code).toBe(0);
    expect(checkpoint('old').step).toBe(30);
  });

  it('is left alone with --keep-model, and where its file is gone', async () => {
    change(['const H = 3', 'const H = 2']);
    expect((await call('resume old --keep-model --steps 30 --quiet')).code).toBe(0);
    rmSync(join(folder, 'model.sbn'));
    expect((await call('resume old --steps 40 --quiet')).code).toBe(0);
    expect(checkpoint('old').step).toBe(40);
    const both = await call('run model.sbn --resume old --keep-model');
    expect([both.code, both.stderr.split('\n')[0]]).toEqual([
      2,
      'error: --keep-model goes on with the model of old, and model.sbn is another',
    ]);
  });

  it('trains as long as its file says now', async () => {
    change(['steps = 20', 'steps = 25']);
    expect((await call('run model.sbn --resume old --quiet')).code).toBe(0);
    expect(checkpoint('old').step).toBe(25);
  });
});

describe('settings that are not those of the run', () => {
  it.each([
    ['--batch 3', /^ {2}settings +batch +6 → 3$/m],
    ['--seed 8', /^ {2}settings +seed +0 → 8$/m],
    ['--optimizer sgd', /^ {2}settings +optimizer +adam\(lr = 0\.05, .*\) → sgd\(/m],
    ['--data x=bars,n=2,part=0:0.9', /^ {2}sources +x +bars,n=2 → bars,n=2,part=0:0\.9$/m],
    ['--valid x=bars,n=2', /^ {2}validation sources +x +bars,n=2 {2}\(new\)$/m],
    ['--set H=4', /^ {2}constants +H +3 → 4$/m],
    ['--estimator nvil', /^ {2}estimators +h +muprop.* → nvil/m],
  ])('are refused: %s', async (option, said) => {
    await expectRefused(`run --resume old ${option}`, said);
  });

  it('are those of the run where the same command is given again', async () => {
    const same =
      'run model.sbn --engine reference --quiet --set H=2 --estimator nvil --valid-share 0.4 --batch 3 --seed 4 --lr 0.01 --out same';
    expect((await call(`${same} --steps 5`)).code).toBe(0);
    const { code, stderr } = await call(`${same} --resume same --steps 9`);
    expect([code, stderr]).toEqual([0, '']);
    expect(checkpoint('same').step).toBe(9);
  });

  it('of the file are seen where its train block has changed', async () => {
    change(['lr = 0.05', 'lr = 0.01']);
    await expectRefused('resume old', /^ {2}settings +optimizer +adam\(lr = 0\.05, .*\) → adam\(lr = 0\.01, /m);
  });

  it('do not move a run that goes on into another folder', async () => {
    const { code, stderr } = await call('run --resume old --out other');
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'error: --out other: the run goes on in its own folder, old']);
  });
});

describe('--force', () => {
  it('takes over the parameters that fit, with their state, and leaves the old run as it is', async () => {
    change(
      [
        '  x ~ bernoulli(logits = layer(h, 4))',
        '  z ~ bernoulli(logits = dense(h, 2))\n  x ~ bernoulli(logits = layer(z, 4))',
      ],
      [
        'guide { h ~ bernoulli(logits = dense(x, H)) }',
        'guide {\n  h ~ bernoulli(logits = dense(x, H))\n  z ~ bernoulli(logits = dense(h, 2))\n}',
      ],
    );
    const before = files('old');
    const { code, stderr } = await call('resume old --force --steps 20 --out new');
    expect(code).toBe(0);
    expect(files('old')).toEqual(before);
    expect(stderr).toMatch(/^goes on in new, after 20 steps of old, which stays as it is\n/m);
    expect(stderr).toMatch(/^ {2}taken over +model\.h\.bias +with the state of adam$/m);
    expect(stderr).toMatch(/^ {2}begins anew +model\.x\.\S*weight +\[2, 4\], was \[3, 4\]$/m);
    expect(stderr).toMatch(/^ {2}begins anew +model\.z\.\S*weight +\[3, 2\]$/m);
    const [old, own] = [checkpoint('old'), checkpoint('new')];
    expect(own.step).toBe(20);
    for (const name of ['model.h.bias', 'guide.h.dense.weight']) {
      expect(own.parameters[name]).toEqual(old.parameters[name]);
      expect(own.slots[`sum/${name}`]).toEqual(old.slots[`sum/${name}`]);
    }
    // It is a run like any other.
    expect((await call('resume new --steps 30 --quiet')).code).toBe(0);
    expect(checkpoint('new').step).toBe(30);
  });

  it('says what is dropped, and takes other settings and data too', async () => {
    change([
      '  h ~ bernoulli(logits = bias(H))',
      '  h ~ bernoulli(probs = 0.5, H)'.replace('(probs = 0.5, H)', '(logits = zeros(H))'),
    ]);
    const options = '--optimizer sgd --lr 0.1 --data x=bars,n=2,part=0:0.9 --batch 5 --quiet';
    const { code, stderr } = await call(`run model.sbn --resume old --force --steps 25 ${options}`);
    expect([code, stderr]).toEqual([0, expect.stringContaining('goes on in runs/model-1, after 20 steps of old')]);
    expect(stderr).toMatch(/^ {2}dropped +model\.h\.bias$/m);
    expect(stderr).not.toContain('with the state of');
    const own = checkpoint('runs/model-1');
    expect(own).toMatchObject({ step: 25, batch: 5, optimizer: { name: 'sgd', options: { lr: 0.1 } }, slots: {} });
    expect(own.parameters['model.h.bias']).toBeUndefined();
  });

  it('does not write over a run', async () => {
    change(['const H = 3', 'const H = 2']);
    const before = files('old');
    const { code, stderr } = await call('resume old --force --out old');
    expect([code, stderr.split('\n')[0]]).toEqual([1, 'error: old already holds a run']);
    expect(files('old')).toEqual(before);
  });
});
