/** Runs on data that are read piece by piece, and what is said of data that are damaged, or change, or hold what they should not. */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../src/sbn.js';
import { FakeHost } from './fake-host.js';

const MODEL = `data x: real[16]
model {
  h ~ bernoulli(logits = bias(4))
  x ~ normal(dense(h, 16), 1)
}
guide { h ~ bernoulli(logits = dense(x, 4)) }
maximize elbo
`;

/** Several blocks, of 4,096 rows each. */
const ROWS = 12_000;
const WIDTH = 16;
const HEADER = 128;

/** An array of float32 as NumPy writes it. */
function npy(change: (values: Float32Array) => void = () => undefined): Uint8Array {
  const values = Float32Array.from({ length: ROWS * WIDTH }, (_, place) => ((place * 7919) % 1000) / 1000);
  change(values);
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${String(ROWS)}, ${String(WIDTH)}), }`;
  const header = new TextEncoder().encode(`${text.padEnd(HEADER - 11)}\n`);
  const bytes = new Uint8Array(HEADER + values.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(header, 10);
  bytes.set(new Uint8Array(values.buffer), HEADER);
  return bytes;
}

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sbn-stream-'));
  writeFileSync(join(directory, 'm.sbn'), MODEL);
  writeFileSync(join(directory, 'x.npy'), npy());
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** A clock that is looked at once in a step at least: what happens to a file then happens in the middle of a run. */
class MovingHost extends FakeHost {
  #looks = 0;
  readonly #after: number;
  readonly #happens: () => void;

  constructor(after: number, happens: () => void) {
    super(directory);
    this.#after = after;
    this.#happens = happens;
  }

  override now(): number {
    this.#looks += 1;
    if (this.#looks === this.#after) this.#happens();
    return super.now();
  }
}

interface Result {
  readonly code: number;
  readonly err: string;
}

async function sbn(args: readonly string[], host = new FakeHost(directory)): Promise<Result> {
  const code = await main(['node', 'sbn', ...args], host);
  return { code, err: host.stderr.text };
}

const run = (source: string, out: string, ...more: string[]): readonly string[] => [
  ...['run', 'm.sbn', '--data', `x=${source}`, '--batch', '100', '--seed', '4', '--quiet', '--out', out],
  ...['--checkpoint-every', '10', '--engine', 'tfjs', ...more],
];
const resume = (out: string, ...more: string[]): readonly string[] => [
  ...['resume', out, '--quiet', '--engine', 'tfjs', ...more],
];
const checkpoint = (out: string): Buffer => readFileSync(join(directory, out, 'checkpoint.safetensors'));
const OK: Result = { code: 0, err: '' };

describe('a run on rows that are read piece by piece', () => {
  it('goes on in the middle of an epoch as if it had never stopped', async () => {
    expect(await sbn(run('x.npy,buffer=700', 'whole', '--steps', '150'))).toEqual(OK);
    expect(await sbn(run('x.npy,buffer=700', 'part', '--steps', '45'))).toEqual(OK);
    expect(await sbn(resume('part', '--steps', '150'))).toEqual(OK);
    expect(checkpoint('part').equals(checkpoint('whole'))).toBe(true);
  });

  it('is that of rows in memory where the buffer holds all of them', async () => {
    expect(await sbn(run('x.npy', 'memory', '--steps', '130'))).toEqual(OK);
    expect(await sbn(run(`x.npy,buffer=${String(ROWS)}`, 'stream', '--steps', '130'))).toEqual(OK);
    expect(checkpoint('stream').equals(checkpoint('memory'))).toBe(true);
  });

  it('measures on the share of rows that is kept out', async () => {
    const { code } = await sbn(run('x.npy,stream', 'shares', '--steps', '20', '--valid-share', '0.25'));
    expect(code).toBe(0);
    const config = readFileSync(join(directory, 'shares/config.json'), 'utf8');
    expect(config).toContain('x.npy,stream,part=0:0.75,split=4"');
  });
});

describe('data that are damaged', () => {
  it('are found before a run begins, and leave no folder', async () => {
    writeFileSync(join(directory, 'cut.npy'), npy().subarray(0, 300_000));
    for (const source of ['cut.npy', 'cut.npy,stream']) {
      const { code, err } = await sbn(run(source, 'never', '--steps', '5'));
      expect(code).toBe(1);
      expect(err).toContain('cut.npy: the NPY file is truncated');
      expect(err).toContain('fetch or write the file again');
    }
    expect(existsSync(join(directory, 'never'))).toBe(false);
  });

  it('leave a run that is resumed as it was', async () => {
    expect(await sbn(run('x.npy', 'run', '--steps', '20'))).toEqual(OK);
    const before = checkpoint('run');
    truncateSync(join(directory, 'x.npy'), 1000);
    const { code, err } = await sbn(resume('run', '--steps', '40'));
    expect([code, err]).toEqual([1, expect.stringContaining('the NPY file is truncated')]);
    expect(checkpoint('run').equals(before)).toBe(true);
  });
});

/** What is wrong with a file, and how it gets well again. */
interface Harm {
  readonly name: string;
  readonly source: string;
  readonly hurt: () => void;
  readonly heal: () => void;
  readonly message: readonly string[];
}

const file = (): string => join(directory, 'x.npy');
const HARMS: readonly Harm[] = [
  {
    name: 'a file that grows while it is read',
    source: 'x.npy,buffer=700',
    hurt: () => {
      appendFileSync(file(), 'more');
    },
    heal: () => {
      writeFileSync(file(), npy());
    },
    message: ['x.npy: the file has changed while it was being read: it had 768128 bytes, and has 768132'],
  },
  {
    name: 'a file that is cut off while it is read',
    source: 'x.npy,buffer=700',
    hurt: () => {
      truncateSync(file(), 1000);
    },
    heal: () => {
      writeFileSync(file(), npy());
    },
    message: ['it had 768128 bytes, and has 1000', 'let nothing write to it during a run'],
  },
  {
    name: 'a NaN far into the file',
    source: 'x.npy,buffer=700',
    hurt: () => undefined,
    heal: () => {
      writeFileSync(file(), npy());
    },
    message: ['x.npy, row 9000, column 3: NaN is not a finite number', 'remove or replace it'],
  },
];

describe('what goes wrong in the middle of a run', () => {
  it.each(HARMS)('$name: said, and the last checkpoint is good', async ({ name, source, hurt, heal, message }) => {
    expect(await sbn(run(source, 'whole', '--steps', '240'))).toEqual(OK);
    if (name.startsWith('a NaN')) {
      writeFileSync(
        file(),
        npy((values) => {
          values[9000 * WIDTH + 3] = NaN;
        }),
      );
    }
    const { code, err } = await sbn(run(source, 'hurt', '--steps', '240'), new MovingHost(30, hurt));
    expect(code).toBe(1);
    for (const words of message) expect(err).toContain(words);
    heal();
    if (name.startsWith('a NaN')) {
      // It is not the file that the run was begun with.
      const refused = await sbn(resume('hurt'));
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('the data of hurt have changed')]);
      expect((await sbn(resume('hurt', '--force', '--out', 'healed'))).code).toBe(0);
      expect(checkpoint('healed').equals(checkpoint('whole'))).toBe(true);
      return;
    }
    // The checkpoint is one of the whole run's, and the rest follows from it.
    const { code: resumed, err: said } = await sbn(resume('hurt'));
    expect([resumed, said]).toEqual([
      0,
      expect.stringMatching(/^note: the files of data x have been written to [^\n]*\n$/),
    ]);
    expect(checkpoint('hurt').equals(checkpoint('whole'))).toBe(true);
  });

  it.each([
    ['in pieces', 'x.npy,buffer=700'],
    ['unpacked on the way', 'x.npy.gz,buffer=700'],
  ])(
    'a file that another takes the place of, by name: the run ends with the rows that it began with, %s',
    async (_, source) => {
      const name = join(directory, source.replace(/,.*/, ''));
      const write = (path: string, bytes: Uint8Array): void => {
        writeFileSync(path, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
      };
      write(name, npy());
      expect(await sbn(run(source, 'whole', '--steps', '240'))).toEqual(OK);
      const other = join(directory, 'other');
      write(
        other,
        npy((values) => values.reverse()),
      );
      const replace = (): void => {
        renameSync(other, name);
      };
      expect(await sbn(run(source, 'replaced', '--steps', '240'), new MovingHost(30, replace))).toEqual(OK);
      expect(checkpoint('replaced').equals(checkpoint('whole'))).toBe(true);
      // To go on is to open the file anew.
      const { code, err } = await sbn(resume('replaced', '--steps', '300'));
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(
          /^error: the data of replaced have changed .*\n {2}data +x .*(bytes|contents of checksum)/,
        ),
      ]);
    },
  );
});

it('says where a NaN is before a run on data in memory begins', async () => {
  writeFileSync(
    join(directory, 'nan.npy'),
    npy((values) => {
      values[9000 * WIDTH + 3] = NaN;
    }),
  );
  const { code, err } = await sbn(run('nan.npy', 'never', '--steps', '5'));
  expect(code).toBe(1);
  expect(err).toContain('nan.npy, row 9000, column 3: NaN is not a finite number');
  expect(existsSync(join(directory, 'never'))).toBe(false);
});
