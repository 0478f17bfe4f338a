import { describe, expect, it } from 'vitest';
import { compileStages, describeGraph, type ModelPicture } from '../src/index.js';
import { nestPlates } from '../src/picture/plates.js';

function draw(text: string): ModelPicture {
  const { model, diagnostics } = compileStages({ name: 'm.sbn', text }, { stopAfter: 'check' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (model === undefined) throw new Error('no model');
  return describeGraph(model);
}

const nodesOf = ({ nodes }: ModelPicture): readonly string[] =>
  nodes.map(
    ({ id, kind, label, detail, plate }) =>
      `${id}: ${kind} ${label}, ${detail}${plate === undefined ? '' : `, in ${plate}`}`,
  );
const edgesOf = ({ edges }: ModelPicture): readonly string[] =>
  edges.map(({ from, to, kind }) => `${kind}: ${from} → ${to}`);

describe('the picture of a model', () => {
  it('has sites, data that condition, and declared parameters; what is computed between is not drawn', () => {
    const picture = draw(`/// Looks.
/// Twice.
data patches: real[4, 3]
data label: onehot[2]
param scale: real = 1
fn twice(v: real[n]) -> real[n] { return v * 2 }
model {
  let flat = flatten(patches)
  where ~ categorical(logits = dense(twice(flat), 4))
  let glimpse = patches[where] * scale
  let again = glimpse + glimpse
  label ~ categorical(logits = dense(again, 2))
}
maximize likelihood`);
    expect(picture.title).toBe('Looks.');
    expect(nodesOf(picture)).toEqual([
      'parameter scale: parameter scale, real',
      'data patches: data patches, real [4, 3], in rows',
      'site where: latent where, categorical [4], in rows',
      'site label: observed label, categorical [2], in rows',
    ]);
    expect(edgesOf(picture)).toEqual([
      'model: data patches → site where',
      'model: data patches → site label',
      'model: site where → site label',
      'model: parameter scale → site label',
    ]);
    expect(picture.notes).toEqual(['maximize likelihood', 'muprop: where', 'layers: 4 tensors of 60 numbers']);
    expect(picture.plates).toEqual([{ id: 'rows', label: 'rows', parent: undefined }]);
  });

  it('has the edges of the guide apart, from the node of what the model observes', () => {
    const picture = draw(`data x: binary[4]
model {
  g ~ bernoulli(logits = bias(2))
  h ~ bernoulli(logits = dense(g, 3))
  x ~ bernoulli(logits = dense(h, 4))
}
guide {
  h ~ bernoulli(logits = dense(x, 3))
  g ~ bernoulli(logits = dense(h, 2) + dense(x, 2)) via nvil
}
maximize elbo`);
    expect(edgesOf(picture)).toEqual([
      'model: site g → site h',
      'model: site h → site x',
      'guide: site x → site h',
      'guide: site h → site g',
      'guide: site x → site g',
    ]);
    expect(picture.notes).toEqual([
      'maximize elbo',
      'nvil: g',
      'muprop: h',
      'layers: 11 tensors of 60 numbers',
      'dashed: the guide',
    ]);
  });

  it('says what is summed out, and has a node for an expression that is minimised', () => {
    const picture = draw(`param eta: real[3] = zeros
model {
  k ~ categorical(logits = eta) via enumerate
  b ~ bernoulli(logits = eta[0])
}
minimize (b - 0.4)^2 + k[1]`);
    expect(nodesOf(picture)).toEqual([
      'parameter eta: parameter eta, real [3]',
      'site k: latent k, categorical [3], in rows',
      'site b: latent b, bernoulli, in rows',
      'objective: objective minimize, , in rows',
    ]);
    expect(edgesOf(picture)).toEqual([
      'model: parameter eta → site k',
      'model: parameter eta → site b',
      'model: site b → objective',
      'model: site k → objective',
    ]);
    expect(picture.notes).toEqual(['minimize an expression', 'summed out: k', 'muprop: b']);
  });
});

const chain = (length: number): string => `data x: binary[2]
model {
  h[${length}] ~ bernoulli(logits = bias(2))
  for l in ${length - 1}..1 by -1 { h[l] ~ bernoulli(logits = dense(h[l + 1], 2)) }
  x ~ bernoulli(logits = dense(h[1], 2))
}
maximize likelihood`;

describe('a family of sites', () => {
  it('is drawn member by member up to twelve, in the order of the model', () => {
    const { nodes, edges } = draw(chain(12));
    expect(nodes.map(({ label }) => label)).toEqual([
      ...Array.from({ length: 12 }, (_, index) => `h[${12 - index}]`),
      'x',
    ]);
    expect(edges).toHaveLength(12);
  });

  it('is one node above that, which depends on itself', () => {
    const picture = draw(chain(13));
    expect(nodesOf(picture)).toEqual([
      'site h[1..13]: latent h[1..13], bernoulli [2], in rows',
      'site x: observed x, bernoulli [2], in rows',
    ]);
    expect(edgesOf(picture)).toEqual(['model: site h[1..13] → site h[1..13]', 'model: site h[1..13] → site x']);
    expect(picture.notes).toContain('muprop: h[1..13]');
  });

  it('has the smallest and the largest of each index', () => {
    const { nodes } = draw(`param eta: real = 0
model {
  for i in 0..3 { for j in 1..4 { b[i, j] ~ bernoulli(logits = eta) } }
}
minimize sum(b[3, 4])`);
    expect(nodes.map(({ label, detail }) => `${label} ${detail}`)).toEqual([
      'eta real',
      'b[0..3, 1..4] bernoulli',
      'minimize ',
    ]);
  });
});

it('a thousand sites are one node, drawn in a moment', () => {
  const start = performance.now();
  expect(draw(chain(1000)).nodes.map(({ label }) => label)).toEqual(['h[1..1000]', 'x']);
  expect(performance.now() - start).toBeLessThan(3000);
});

it('plates lie in one another, and in that of the rows', () => {
  const path = [
    { variable: 'i', size: 10 },
    { variable: 'j', size: 3 },
  ];
  expect(nestPlates([])).toEqual([{ id: 'rows', label: 'rows', parent: undefined }]);
  expect(nestPlates(path)).toEqual([
    { id: 'rows', label: 'rows', parent: undefined },
    { id: 'rows/i in 10', label: 'i in 10', parent: 'rows' },
    { id: 'rows/i in 10/j in 3', label: 'j in 3', parent: 'rows/i in 10' },
  ]);
});
