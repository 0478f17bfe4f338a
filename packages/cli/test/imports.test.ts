/** Models of several files, from the command line: read, checked, trained, and taken up again without the files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main as sbn } from '../src/sbn.js';
import { main as sbnc } from '../src/sbnc.js';
import { FakeHost } from './fake-host.js';

const MODEL = `import "lib/layers.sbn"
data x: binary[4]
model {
  h ~ bernoulli(logits = bias(WIDTH))
  x ~ bernoulli(logits = net(h, 4))
}
guide { h ~ bernoulli(logits = net(x, WIDTH)) }
maximize elbo
train {
  data x = bars(n = 2)
  optimizer = adam(lr = 0.05)
  batch = 6
  steps = 10
}
`;

const LAYERS = `import "sizes.sbn"
fn net(x: real[n], out: int) -> real[out] {
  return dense(tanh(dense(x, WIDTH)), out)
}
`;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-imports-'));
  mkdirSync(join(folder, 'models/lib'), { recursive: true });
  write('models/vae.sbn', MODEL);
  write('models/lib/layers.sbn', LAYERS);
  write('models/lib/sizes.sbn', 'const WIDTH = 3\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string | Uint8Array): void {
  writeFileSync(join(folder, name), text);
}

async function run(main: typeof sbn, ...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const host = new FakeHost(folder);
  const code = await main(['node', 'sbn', ...args], host);
  return { code, out: host.stdout.text, err: host.stderr.text };
}

describe('a model of several files', () => {
  it('is read from beside the file that imports, and its constants can be set', async () => {
    expect(await run(sbnc, 'check', 'models/vae.sbn')).toEqual({
      code: 0,
      out: 'models/vae.sbn: ok (1 latent, 1 observed)\n',
      err: '',
    });
    const { out } = await run(sbnc, 'explain', 'models/vae.sbn', '--set', 'WIDTH=5');
    expect(out).toContain('WIDTH = 5');
    const wrong = await run(sbnc, 'explain', 'models/vae.sbn', '--set', 'WITDH=5');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('did you mean `WIDTH`?');
  });

  it('is trained into a folder that needs none of the files again', async () => {
    expect((await run(sbn, 'run', 'models/vae.sbn', '--out', 'out', '--engine', 'reference')).code).toBe(0);
    rmSync(join(folder, 'models'), { recursive: true });
    const evaluated = await run(sbn, 'eval', 'out', '--samples', '10', '--engine', 'reference');
    expect(evaluated.err).toBe('');
    expect(evaluated.code).toBe(0);
    // Profiling compiles anew, from the texts in the artifact.
    const args = ['--compare', 'muprop,likelihood_ratio', '--engine', 'reference', '--rows', '2', '--draws', '4'];
    const profiled = await run(sbn, 'profile', 'out', ...args);
    expect(profiled.err).toBe('');
    expect(profiled.out).toContain('likelihood_ratio');
  });

  it('has its mistakes shown in the file that they are in', async () => {
    write('models/lib/layers.sbn', LAYERS.replace('tanh(', 'tahn('));
    const { code, err } = await run(sbnc, 'check', 'models/vae.sbn');
    expect(code).toBe(1);
    expect(err).toContain('error[SBN2002]: there is no function `tahn`');
    expect(err).toContain('┌─ models/lib/layers.sbn:3:16\n');
  });

  it.each<[string, () => void, string]>([
    [
      'is missing',
      () => {
        rmSync(join(folder, 'models/lib/sizes.sbn'));
      },
      'cannot read "sizes.sbn": there is no such file',
    ],
    [
      'is no text',
      () => {
        write('models/lib/sizes.sbn', Uint8Array.of(0xff));
      },
      'cannot read "sizes.sbn": it is not a model',
    ],
  ])('says which file %s, and where it is imported', async (_, damage, said) => {
    damage();
    const { code, err } = await run(sbnc, 'check', 'models/vae.sbn');
    expect(code).toBe(1);
    expect(err).toContain(`error[SBN2016]: ${said}`);
    expect(err).toContain('┌─ models/lib/layers.sbn:1:8\n');
    // Nothing is said of the names that the file would have brought in.
    expect(err.match(/error/g)).toHaveLength(1);
  });
});
