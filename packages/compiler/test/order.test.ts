/** Sites that read their own value: which orders are found, and that draws are made in them. */
import {
  interpretProgram,
  resolveShape,
  type Artifact,
  type PortKey,
  type Program,
  type ReferenceTensor,
} from '@sbn/program';
import { describe, expect, test } from 'vitest';
import { compileStages } from '../src/compile.js';

function stagesOf(text: string) {
  const stages = compileStages({ name: 'm.sbn', text });
  return { ...stages, codes: stages.diagnostics.map(({ code }) => code) };
}

const one = (type: string, draw: string): string => `model { h: ${type} ~ ${draw} }\nminimize sum(h)\n`;

/** The ranges of units that are drawn together, as `start+size`. */
function orderOf(text: string): string {
  const { graph, codes } = stagesOf(text);
  const order = graph?.sites[0]?.order;
  if (order?.kind !== 'ordered') return `${String(order?.kind)} ${codes.join(' ')}`;
  return order.ranges.map(({ start, size }) => `${String(start)}+${String(size)}`).join(' ');
}

describe('the order of units', () => {
  test.each([
    ['each after the one before', one('binary[3]', 'bernoulli(logits = masked_dense(h, 3))'), '0+1 1+1 2+1'],
    [
      'several that depend on the same',
      one('binary[4]', 'bernoulli(logits = masked_dense(h, 4, diagonal = -2))'),
      '0+2 2+2',
    ],
    [
      'blocks of a mask of constants',
      one('binary[4]', 'bernoulli(logits = [[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0]] @ h)'),
      '0+2 2+2',
    ],
    [
      'through a layer between',
      one('binary[3]', 'bernoulli(logits = masked_dense(relu(masked_dense(h, 6)), 3, diagonal = 0))'),
      '0+1 1+1 2+1',
    ],
    ['one-hot groups', one('onehot[2, 3]', 'categorical(logits = stack(bias(3), dense(h[0], 3)))'), '0+1 1+1'],
    [
      'a branch that is taken',
      one('binary[2]', 'bernoulli(logits = where([0, 1] < 1, sum(h[0..0]), 3))'),
      'circular SBN4013',
    ],
    ['a branch by constants', one('binary[2]', 'bernoulli(logits = where([0, 1], sum(h[0..0]), 3))'), '0+1 1+1'],
    ['its own element', one('binary[2]', 'bernoulli(logits = 2 * h)'), 'circular SBN4013'],
    ['a later element', one('binary[2]', 'bernoulli(logits = [h[1], 0])'), 'circular SBN4013'],
    ['the sum of all', one('binary[2]', 'bernoulli(logits = [0, 1] * sum(h))'), 'circular SBN4013'],
    ['a layer without a mask', one('binary[2]', 'bernoulli(logits = dense(h, 2))'), 'circular SBN4013'],
    ['a number', one('binary', 'bernoulli(logits = 0.5 * h)'), 'shapeless SBN4014'],
  ])('%s', (_, text, expected) => {
    expect(orderOf(text)).toBe(expected);
  });

  test('no element of a plate reads another', () => {
    const plate = (read: string): string =>
      `model { plate i in 2 { h[i]: binary[2] ~ bernoulli(logits = masked_dense(${read}, 2)) } }\nminimize sum(h)\n`;
    expect(orderOf(plate('h[i]'))).toBe('0+1 1+1');
    expect(stagesOf(plate('h[1 - i]')).graph).toBeUndefined();
  });

  test('the model is asked as well where the guide draws', () => {
    const text = (model: string, guide: string): string =>
      `data x: binary[2]\nmodel { h: binary[2] ~ bernoulli(logits = ${model})\n x ~ bernoulli(logits = h) }\n` +
      `guide { h: binary[2] ~ bernoulli(logits = ${guide}) }\nmaximize elbo\n`;
    const [right, wrong] = ['masked_dense(h, 2)', 'dense(h, 2)'];
    expect(stagesOf(text(right, right)).codes).not.toContain('SBN4013');
    expect(stagesOf(text(wrong, right)).codes).toContain('SBN4013');
    expect(stagesOf(text(right, wrong)).codes).toContain('SBN4013');
  });
});

/** Numbers without a pattern, in (0, 1). */
function spread(count: number, seed: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, index) => (((index + 1) * 0.7548776662466927 + seed * 0.37) % 1) * 0.98 + 0.01,
  );
}

function run(
  { inputs, ...rest }: Program,
  batch: number,
): { readonly in: Map<PortKey, ReferenceTensor>; readonly out: Map<PortKey, ReferenceTensor> } {
  const given = new Map<PortKey, ReferenceTensor>();
  inputs.forEach(({ role, name, shape: symbolic }, place) => {
    const shape = resolveShape(symbolic, batch);
    const raw = spread(
      shape.reduce((product, length) => product * length, 1),
      place + 1,
    );
    const isData = role === 'data';
    given.set(`${role}:${name}`, {
      shape,
      values: role === 'parameter' ? raw.map((u) => 6 * (u - 0.5)) : isData ? raw.map((u) => Number(u < 0.5)) : raw,
    });
  });
  return { in: given, out: interpretProgram({ inputs, ...rest }, given, batch) };
}

function values(tensors: ReadonlyMap<PortKey, ReferenceTensor>, key: PortKey): Float64Array {
  const found = tensors.get(key);
  if (found === undefined) throw new Error(`no ${key}`);
  return found.values;
}

/** Every element is what its uniform makes of its mean, given what was drawn of the others: the draw obeys the model as it is written. */
function expectAncestral({ programs }: Artifact, name: 'sample' | 'posterior', site: string): void {
  const { in: inputs, out } = run(programs[name], 40);
  const [drawn, mean, noise] = [
    values(out, `sample:${site}`),
    values(out, `mean:${site}`),
    values(inputs, `noise:${site}`),
  ];
  expect([...drawn]).toEqual(Array.from(noise, (u, place) => Number(u < (mean[place] ?? NaN))));
  // Both values are there, and the means differ between rows: units do depend on others.
  expect(new Set(drawn)).toEqual(new Set([0, 1]));
  expect(new Set(mean).size).toBeGreaterThan(80);
}

describe('draws', () => {
  const text = (layer: (of: string) => string, plate = false): string => {
    const site = plate ? 'h[i]' : 'h';
    const line = `${site}: binary[20] ~ bernoulli(logits = ${layer(site)})`;
    return [
      'data x: binary[6]',
      `model { ${plate ? `plate i in 2 { ${line} }` : line}`,
      ` x ~ bernoulli(logits = dense(${plate ? 'flatten(h)' : 'h'}, 6) + masked_dense(x, 6)) }`,
      'maximize likelihood',
    ].join('\n');
  };
  test.each([
    ['of a masked layer', text((h) => `masked_dense(${h}, 20)`)],
    ['of two masked layers', text((h) => `masked_dense(tanh(masked_dense(${h}, 20)), 20, diagonal = 0)`)],
    ['in blocks', text((h) => `masked_dense(${h}, 20, diagonal = -6)`)],
    [
      'with numbers of its own for each element',
      text((h) => `masked_dense(${h}, 20) * [k / 10 for k in 0..19] + bias(20)`),
    ],
    ['in a plate', text((h) => `masked_dense(${h}, 20)`, true)],
  ])('%s obey the model', (_, source) => {
    const { artifact } = stagesOf(source);
    if (artifact === undefined) throw new Error('no artifact');
    expectAncestral(artifact, 'posterior', 'h');
    expectAncestral(artifact, 'sample', 'h');
    expectAncestral(artifact, 'sample', 'x');
  });
});
