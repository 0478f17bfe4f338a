import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileStages, describeGraph, type ModelPicture } from '@sbn/compiler';
import { afterAll, describe, expect, it } from 'vitest';
import { layOutPicture } from '../src/graph/lay-out-picture.js';
import { sizeOf } from '../src/graph/node-shapes.js';
import { renderPicture } from '../src/graph/render-picture.js';
import { main as sbnc } from '../src/sbnc.js';
import { FakeHost } from './fake-host.js';
import { NESTED } from './graph-picture.js';

const examples = join(import.meta.dirname, '../../../examples');
const fixtures = join(import.meta.dirname, 'fixtures/graph');
const folder = mkdtempSync(join(tmpdir(), 'sbn-graph-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function draw(file: string): ModelPicture {
  const source = { name: file, text: readFileSync(join(examples, file), 'utf8') };
  const { model } = compileStages(source, { stopAfter: 'check' });
  if (model === undefined) throw new Error(`${file} is wrong`);
  return describeGraph(model);
}

const PICTURES: readonly (readonly [string, ModelPicture])[] = [
  ['plates in plates', NESTED],
  ...readdirSync(examples)
    .filter((file) => file.endsWith('.sbn'))
    .map((file) => [file, draw(file)] as const),
];

/** With UPDATE=1 in the environment the file is written first. */
function expected(file: string, actual: string): string {
  const path = join(fixtures, file);
  if (process.env['UPDATE'] === '1') writeFileSync(path, actual);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The texts of an XML document. @throws where it is not well-formed, as far as our pictures go. */
function readXml(xml: string): readonly string[] {
  const texts: string[] = [];
  const open: string[] = [];
  let rest = xml.trimEnd();
  while (rest !== '') {
    const [piece = '', close, name = '', , empty, content] =
      /^(?:<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<&]*(?:&\w+;[^"<&]*)*")*)\s*(\/?)>|([^<&]+(?:&(?:amp|lt|gt|quot);[^<&]*)*|(?:&(?:amp|lt|gt|quot);[^<&]*)+))/.exec(
        rest,
      ) ?? [];
    if (piece === '') throw new Error(`not well-formed: ${rest.slice(0, 60)}`);
    if (content !== undefined) texts.push(content.trim());
    else if (close === '/') expect(name).toBe(open.pop());
    else if (empty !== '/') open.push(name);
    rest = rest.slice(piece.length);
    if (open.length === 0) expect(rest).toBe('');
  }
  return texts;
}

describe.each(PICTURES)('the picture of %s', (_, picture) => {
  const placed = layOutPicture(picture);
  const boxes = placed.nodes.map(({ node, center: { x, y } }) => {
    const { width, height } = sizeOf(node);
    return { node, left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
  });
  const plates = placed.plates.map(({ plate, corner: { x, y }, width, height }) => {
    return { plate, left: x, right: x + width, top: y, bottom: y + height };
  });
  type Box = Pick<(typeof boxes)[number], 'left' | 'right' | 'top' | 'bottom'>;
  const isInside = (inner: Box, outer: Box): boolean =>
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
  const areApart = (a: Box, b: Box): boolean =>
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

  it('is an SVG file that is well-formed, and holds every text', () => {
    const svg = renderPicture(picture, 'svg');
    const texts = readXml(svg);
    const escape = (text: string): string =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    for (const { kind, label, detail } of picture.nodes) {
      const isMark = kind === 'parameter' || kind === 'objective';
      expect(texts).toContain(escape(isMark ? (detail === '' ? label : `${label}: ${detail}`) : label));
    }
    for (const { label } of picture.plates) expect(texts).toContain(escape(label));
    for (const note of picture.notes) expect(texts).toContain(escape(note));
    expect(svg.match(/marker-end/g)).toHaveLength(picture.edges.length);
    expect(svg.match(/edge guide/g) ?? []).toHaveLength(picture.edges.filter(({ kind }) => kind === 'guide').length);
    expect(svg).not.toMatch(/NaN|undefined|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
    expect(renderPicture(picture, 'svg')).toBe(svg);
  });

  it('has no node over another, each in its plates and in no other, and all in view', () => {
    for (const [index, box] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) expect(areApart(box, other)).toBe(true);
      expect(isInside(box, { left: 0, top: 0, right: placed.width, bottom: placed.height })).toBe(true);
      const around = plates.filter(
        ({ plate }) => plate.id === box.node.plate || (box.node.plate ?? '').startsWith(`${plate.id}/`),
      );
      for (const plate of plates) {
        if (around.includes(plate)) expect(isInside(box, plate)).toBe(true);
        else expect(areApart(box, plate)).toBe(true);
      }
    }
    for (const [index, plate] of plates.entries()) {
      for (const other of plates.slice(index + 1)) {
        const isNested = other.plate.id.startsWith(`${plate.plate.id}/`);
        expect(isNested ? isInside(other, plate) : areApart(other, plate)).toBe(true);
      }
    }
  });

  it('names every node and edge in the other formats', () => {
    const dot = renderPicture(picture, 'dot');
    for (const { id } of picture.nodes) expect(dot).toContain(`"${id}" [`);
    expect(dot.match(/ -> /g) ?? []).toHaveLength(picture.edges.length);
    const mermaid = renderPicture(picture, 'mermaid');
    expect(mermaid.match(/ (?:-->|-\.->) /g) ?? []).toHaveLength(picture.edges.length);
    expect(mermaid.match(/^\s+subgraph /gm)).toHaveLength(mermaid.match(/^\s+end$/gm)?.length ?? -1);
  });
});

it.each(['dot', 'mermaid'] as const)('plates in plates have the expected %s', (format) => {
  const text = renderPicture(NESTED, format);
  expect(text).toBe(expected(`nested.${format}`, text));
});

describe('sbnc graph', () => {
  async function call(...args: readonly string[]): Promise<[code: number, stdout: string, stderr: string]> {
    const host = new FakeHost(folder);
    const code = await sbnc(['node', 'sbnc', 'graph', ...args], host);
    return [code, host.stdout.text, host.stderr.text];
  }
  const file = join(examples, 'sbn2.sbn');

  it('prints the picture', async () => {
    const [code, stdout, stderr] = await call(file);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect(await call(file, '--format', 'dot')).toEqual([0, renderPicture(draw('sbn2.sbn'), 'dot'), '']);
    expect(await call(file, '--format', 'mermaid')).toEqual([0, renderPicture(draw('sbn2.sbn'), 'mermaid'), '']);
  });

  it.each([
    ['a.svg', '<svg'],
    ['a.dot', 'digraph'],
    ['a.gv', 'digraph'],
    ['a.mmd', '---'],
    ['a.txt', '<svg'],
  ])('writes %s in the format that its name says', async (name, start) => {
    expect(await call(file, '--out', name)).toEqual([0, '', '']);
    expect(readFileSync(join(folder, name), 'utf8').startsWith(start)).toBe(true);
  });

  it('takes constants', async () => {
    const [, stdout] = await call(join(examples, 'deep.sbn'), '--set', 'L=40', '--format', 'dot');
    expect(stdout).toContain('label="h[1..40]\\nbernoulli [200]"');
  });

  it('draws nothing of a model that is wrong, nor over what cannot be written', async () => {
    writeFileSync(join(folder, 'wrong.sbn'), 'model { x ~ bernoulli(logits = y) }\nminimize x\n');
    const [code, stdout, stderr] = await call('wrong.sbn', '-o', 'wrong.svg');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('wrong.sbn:1:');
    expect(existsSync(join(folder, 'wrong.svg'))).toBe(false);
    expect(await call(file, '-o', 'no/such/a.svg')).toEqual([1, '', expect.stringContaining('no folder no/such')]);
    expect(await call(file, '--format', 'png')).toEqual([2, '', expect.stringContaining('svg, dot, mermaid')]);
  });
});
