/** What can be had of a trained model: pages, pictures, latents, predictions. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../src/sbn.js';
import { curveOf, readMetrics } from '../src/report/read-metrics.js';
import { FakeHost } from './fake-host.js';

const BARS = `/// Bars & stripes < pictures
data x: binary[16]
model {
  h ~ bernoulli(logits = bias(5))
  x ~ bernoulli(logits = dense(h, 16))
}
guide { h ~ bernoulli(logits = dense(x, 5)) }
maximize elbo
train { data x = bars(n = 4) }
`;

const HALVES = `data top: binary[8]
data bottom: binary[8]
model {
  h ~ bernoulli(logits = dense(top, 6))
  bottom ~ bernoulli(logits = dense(h, 8))
}
maximize likelihood
`;

let directory = '';
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sbn-report-'));
  writeFileSync(join(directory, 'bars.sbn'), BARS);
  writeFileSync(join(directory, 'halves.sbn'), HALVES);
  const halves = ['--data', 'top=bars,n=4,slice=top', '--data', 'bottom=bars,n=4,slice=bottom'];
  const common = ['--quiet', '--engine', 'reference'];
  await sbn('run', 'bars.sbn', '--steps', '60', '--valid-share', '0.2', '--out', 'bars', ...common);
  await sbn('run', 'halves.sbn', ...halves, '--steps', '300', '--lr', '0.05', '--out', 'halves', ...common);
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function sbn(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const host = new FakeHost(directory);
  const code = await main(['node', 'sbn', ...args], host);
  return { code, out: host.stdout.text, err: host.stderr.text };
}

const at = (name: string): Buffer => readFileSync(join(directory, name));

describe('sbn report', () => {
  it('is one page with all of a run, and asks nothing of the network', async () => {
    expect(await sbn('report', 'bars', '--engine', 'reference')).toMatchObject({ code: 0, err: '' });
    const page = at('bars/report.html').toString();
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual([
      ...['Result', 'Curves', 'Draws', 'Reconstructions', 'Weights', 'Model', 'Gradients', 'Source', 'How it was made'],
    ]);
    expect([...page.matchAll(/aria-label="(.*?)"/g)].map(([, title]) => title)).toEqual(
      expect.arrayContaining(['negative bound (nats)', 'Its terms', 'Variance of the learning signal, by site']),
    );
    const [, variance] = /<td>unbiased<\/td><td>([\d.e-]+)<\/td>/.exec(page) ?? [];
    expect(Number(variance)).toBeGreaterThan(0);
    expect(page).toMatch(/<th>versions<\/th><td>sbn \d+\.\d+\.\d+, Node v\d+/);
    // Texts of the model are texts, and no HTML.
    expect(page).toContain('Bars &#38; stripes &#60; pictures');
    expect(page).toContain('<svg');
    expect(page).toContain('unbiased');
    expect(page).toContain('sbn run bars.sbn --data x=bars,n=4,part=0:0.8,split=0');
    const addresses = [...page.matchAll(/(?:src|href)="([^"]{0,40})/g)].map(([, address]) => address);
    expect(addresses.filter((address) => address?.startsWith('data:') !== true)).toEqual([]);
    expect(page).not.toMatch(/<script|@import|url\((?!#)/);
    const pictures = [...page.matchAll(/base64,([^"]+)"/g)].map(([, text = '']) => decode(Buffer.from(text, 'base64')));
    expect(pictures.length).toBeGreaterThanOrEqual(6);
  });

  it('has the command that makes the same run again', async () => {
    await sbn('report', 'bars', '--engine', 'reference');
    const [, escaped = ''] = /<th>command<\/th><td>(.*?)<\/td>/.exec(at('bars/report.html').toString()) ?? [];
    const command = escaped.replaceAll('&#38;', '&').replaceAll('&#34;', '"');
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    expect(words.slice(0, 3)).toEqual(['sbn', 'run', 'bars.sbn']);
    expect(await sbn(...words.slice(1), '--out', 'again', '--quiet')).toMatchObject({ code: 0 });
    expect(at('again/checkpoint.safetensors')).toEqual(at('bars/checkpoint.safetensors'));
  });

  it('draws whole squares where half of each is given, and reconstructs nothing without a guide', async () => {
    await sbn('report', 'halves', '-o', 'halves.html', '--engine', 'reference');
    const page = at('halves.html').toString();
    expect(page).not.toContain('Reconstructions');
    expect(page).toContain('bottom: means at latents drawn given rows of the data, below the `top` that is given');
    const [means, drawn, seen] = [...page.matchAll(/base64,([^"]+)"/g)].map(([, text = '']) =>
      decode(Buffer.from(text, 'base64')),
    );
    if (means === undefined || drawn === undefined || seen === undefined) throw new Error('there are three pictures');
    // Five lines of six pictures of 4 × 4 pixels, seven times as large, with two pixels between and around them.
    expect([means.width, means.height]).toEqual([6 * (4 * 7 + 2) + 2, 5 * (4 * 7 + 2) + 2]);
    const light = ({ data, width, channels }: typeof seen, row: number): readonly number[] =>
      [0, 1, 2, 3].map((column) => Number(data[((2 + row * 7) * width + 2 + column * 7) * channels]));
    // What is given is what is in the data; what is predicted has means between black and white.
    expect([light(means, 0), light(means, 1)]).toEqual([light(seen, 0), light(seen, 1)]);
    expect(light(means, 2).every((value) => value > 0 && value < 255)).toBe(true);
    expect([...light(drawn, 2), ...light(drawn, 3)].every((value) => value === 0 || value === 255)).toBe(true);
  });

  it('draws halves of squares where the slices are not said to be halves', async () => {
    const given = ['--data', 'top=bars,n=4,slice=top', '--data', 'bottom=bars,n=4,slice=8:16'];
    await sbn('run', 'halves.sbn', ...given, '--steps', '3', '--out', 'others', '--quiet', '--engine', 'reference');
    await sbn('report', 'others', '-o', 'others.html', '--engine', 'reference');
    const page = at('others.html').toString();
    expect(page).toContain('bottom: means at latents drawn given rows of the data<');
    const [first] = [...page.matchAll(/base64,([^"]+)"/g)].map(([, text = '']) => decode(Buffer.from(text, 'base64')));
    // Eight lines of four pictures of 2 × 4 pixels, fourteen times as large, with two pixels between and around them.
    expect([first?.width, first?.height]).toEqual([4 * (4 * 14 + 2) + 2, 8 * (2 * 14 + 2) + 2]);
  });

  it('names a run that there is not', async () => {
    expect(await sbn('report', 'none', '-o', 'page.html')).toMatchObject({ code: 1 });
  });
});

describe('files of draws', () => {
  it('a PNG has the pictures side by side', async () => {
    expect(await sbn('sample', 'bars', '--rows', '4', '-o', 's.png', '--engine', 'reference')).toMatchObject({
      code: 0,
      err: '',
    });
    const { width, height, data } = decode(at('s.png'));
    // Two by two pictures of 4 × 4 pixels, four times as large, with two pixels between and around them.
    expect([width, height]).toEqual([38, 38]);
    expect(new Set(data)).toEqual(new Set([0, 128, 255]));
    await sbn('sample', 'bars', '--rows', '4', '--means', '-o', 'm.png', '--engine', 'reference');
    expect(new Set(decode(at('m.png')).data).size).toBeGreaterThan(3);
  });

  it('what is no picture is none', async () => {
    const { code, err } = await sbn('posterior', 'bars', '-o', 'p.png', '--engine', 'reference');
    expect([code, err]).toEqual([2, expect.stringContaining('`h` is no picture')]);
  });
});

describe('sbn posterior', () => {
  it('has the latents of the rows that were measured on', async () => {
    expect(await sbn('posterior', 'bars', '--rows', '3', '-o', 'h.json', '--engine', 'reference')).toMatchObject({
      code: 0,
    });
    const { rows, sites } = JSON.parse(at('h.json').toString()) as {
      rows: number;
      sites: Record<string, { mean: number[] }>;
    };
    expect([rows, Object.keys(sites), sites['h']?.mean.length]).toEqual([3, ['h'], 15]);
    const { out } = await sbn('posterior', 'bars', '--rows', '2', '--means', '--engine', 'reference');
    expect(out.trim().split('\n')).toHaveLength(2);
  });

  it('names the latents there are', async () => {
    const { code, err } = await sbn('posterior', 'bars', '--site', 'z', '--engine', 'reference');
    expect([code, err]).toEqual([1, expect.stringContaining('the model has no latent z')]);
  });
});

describe('sbn predict', () => {
  it('is the mean of what is observed, over the latents', async () => {
    const args = ['predict', 'halves', '--rows', '30', '-o', 'b.json', '--engine', 'reference'];
    expect(await sbn(...args, '--samples', '40')).toMatchObject({ code: 0, err: '' });
    const { sites } = JSON.parse(at('b.json').toString()) as { sites: Record<string, { mean: number[] }> };
    const mean = sites['bottom']?.mean ?? [];
    expect(mean).toHaveLength(240);
    expect(mean.every((p) => p > 0 && p < 1)).toBe(true);
    // An average over draws, and not one of them: it changes little with the seed.
    await sbn(...args, '--samples', '40', '--seed', '77');
    const again = (JSON.parse(at('b.json').toString()) as { sites: typeof sites }).sites;
    const largest = Math.max(...mean.map((p, index) => Math.abs(p - (again['bottom']?.mean[index] ?? NaN))));
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(0.3);
  });

  it('is for models that are given data', async () => {
    const { code, err } = await sbn('predict', 'bars', '--engine', 'reference');
    expect([code, err]).toEqual([1, expect.stringContaining('the model predicts nothing')]);
  });
});

it('metrics are read with names in quotes and cells that are empty', () => {
  const metrics = readMetrics('step,loss,"signal h[1, 2]"\n1,4,\n2,3,0.5\n');
  expect(metrics.columns).toEqual(['step', 'loss', 'signal h[1, 2]']);
  expect(curveOf(metrics, 'signal h[1, 2]')).toEqual([[2, 0.5]]);
  expect(curveOf(metrics, 'loss')).toEqual([
    [1, 4],
    [2, 3],
  ]);
});
