/** A small artifact in which every kind of field occurs. */
import { BATCH, ProgramBuilder, type Artifact, type Program } from '../src/index.js';

function gradient(): Program {
  const builder = new ProgramBuilder('gradient');
  const x = builder.input('data', 'x', [BATCH, 4]);
  const w = builder.input('parameter', 'w', [4, 3]);
  const baseline = builder.input('state', 'h.baseline', []);
  const h = builder.input('latent', 'h', [BATCH, 3]);
  const noise = builder.input('noise', 'h', [BATCH, 3]);
  const mean = builder.within('h', () => builder.emit('sigmoid', [builder.matmul(x, w)], {}));
  const draw = builder.emit('less', [noise, mean], {});
  const loss = builder.meanRows(builder.sumEvent(builder.multiply(builder.subtract(draw, h), mean)));
  builder.output('loss', 'total', builder.subtract(loss, baseline));
  builder.output('gradient', 'w', builder.multiply(w, builder.constant(0.1)));
  builder.output('state', 'h.baseline', loss);
  builder.output('sample', 'h', draw);
  builder.output('mean', 'h', mean);
  return builder.finish();
}

const position = { line: 3, column: 5, file: undefined };
const program = gradient();

export const EXAMPLE: Artifact = {
  format: 'sbn-artifact',
  version: 3,
  name: 'toy',
  doc: undefined,
  source: {
    file: 'toy.sbn',
    text: 'model toy {\n  "ünïcode"\n}\n',
    imports: [{ file: 'lib/layers.sbn', text: 'const K = 2\n' }],
  },
  constants: { n: 4, rate: 0.5 },
  data: [
    { name: 'x', element: { kind: 'binary' }, largest: undefined, range: 'any', shape: [4], position, doc: 'rows' },
    {
      name: 'c',
      element: { kind: 'onehot', classes: 10 },
      largest: undefined,
      range: 'any',
      shape: [2, 10],
      position,
      doc: undefined,
    },
    { name: 'n', element: { kind: 'count' }, largest: 7, range: 'any', shape: [], position, doc: undefined },
  ],
  parameters: [
    {
      name: 'w',
      role: 'model',
      shape: [4, 3],
      initializer: { kind: 'normal', mean: 0, standardDeviation: 0.5 },
      position,
    },
    {
      name: 'b',
      role: 'model',
      shape: [],
      initializer: { kind: 'fill', value: -1.5 },
      position: { ...position, file: 'lib/layers.sbn' },
    },
    { name: 'u', role: 'estimator', shape: [2], initializer: { kind: 'uniform', low: -1, high: 1 }, position },
  ],
  state: [{ name: 'h.baseline', shape: [], initial: 0 }],
  sites: [
    {
      id: 'h',
      role: 'latent',
      block: 'guide',
      distribution: 'bernoulli',
      element: { kind: 'binary' },
      largest: undefined,
      shape: [3],
      plates: [],
      draws: undefined,
      parents: ['x'],
      costs: ['h', 'x'],
      estimator: 'muprop (local, rollout, recursive; centred)',
      verdict: { kind: 'biased', reasons: ['argmax on the way to x'] },
      position,
      doc: 'hidden',
    },
    {
      id: 'x',
      role: 'observed',
      block: 'model',
      distribution: 'bernoulli',
      element: { kind: 'binary' },
      largest: undefined,
      shape: [4],
      plates: [],
      draws: undefined,
      parents: ['h'],
      costs: [],
      estimator: undefined,
      verdict: undefined,
      position,
      doc: undefined,
    },
    {
      id: 'n',
      role: 'observed',
      block: 'model',
      distribution: 'binomial',
      element: { kind: 'count' },
      largest: 7,
      shape: [],
      plates: [],
      draws: undefined,
      parents: [],
      costs: [],
      estimator: undefined,
      verdict: undefined,
      position,
      doc: undefined,
    },
  ],
  draws: [{ name: 'h.draw2(h)', kind: 'value', site: 'h', of: 'h', shape: [3] }],
  objective: { kind: 'bound', name: 'elbo', position },
  train: {
    data: { x: { name: 'bars', options: { n: '4' } } },
    optimizer: { name: 'adam', options: { rate: 0.001 } },
    batch: 100,
    epochs: undefined,
    steps: 2000,
    seed: 0,
  },
  programs: {
    gradient: program,
    evaluate: { ...program, name: 'evaluate' },
    sample: { ...program, name: 'sample' },
    posterior: { ...program, name: 'posterior' },
    configuration: { ...program, name: 'configuration' },
    enumeration: { ...program, name: 'enumeration' },
    profile: { ...program, name: 'profile' },
  },
};
