/** Two small artifacts, built by hand, with likelihood-ratio gradients. */
import {
  ARTIFACT_FORMAT,
  ARTIFACT_VERSION,
  BATCH,
  ProgramBuilder,
  type Artifact,
  type ArtifactPrograms,
  type Program,
  type SiteInfo,
  type ValueId,
} from '@sbn/program';
import { port } from './fixtures.js';

const POSITION = { line: 3, column: 5, file: undefined };

function site(id: string, block: 'model' | 'guide', shape: readonly number[], observed = false): SiteInfo {
  return {
    id,
    block,
    shape,
    plates: [],
    draws: undefined,
    role: observed ? 'observed' : 'latent',
    distribution: 'bernoulli',
    element: { kind: 'binary' },
    largest: undefined,
    parents: [],
    costs: [],
    estimator: undefined,
    verdict: undefined,
    position: POSITION,
    doc: undefined,
  };
}

function build(name: string, write: (builder: ProgramBuilder) => void): Program {
  const builder = new ProgramBuilder(name);
  write(builder);
  return builder.finish();
}

/** `log p(b | logits)` of a Bernoulli, per row. */
function logBernoulli(b: ProgramBuilder, value: ValueId, logits: ValueId): ValueId {
  return b.sumEvent(b.subtract(b.multiply(value, logits), b.emit('softplus', [logits], {})));
}

/** The mean over rows of `signal · (value − σ(logits)) · factor`: for a parameter that `factor` multiplies in the logits. */
function scoreGradient(b: ProgramBuilder, signal: ValueId, value: ValueId, logits: ValueId, factor?: ValueId): ValueId {
  const residual = b.multiply(b.reshape(signal, [BATCH, 1]), b.subtract(value, b.emit('sigmoid', [logits], {})));
  const rows = factor === undefined ? residual : b.multiply(residual, factor);
  return b.divide(b.sum(rows, [0]), b.emit('batch_size', [], {}));
}

function draw(b: ProgramBuilder, name: string, logits: ValueId, width: number): ValueId {
  const uniform = b.input('noise', name, [BATCH, width]);
  return b.emit('less', [uniform, b.broadcast(b.emit('sigmoid', [logits], {}), [BATCH, width])], {});
}

/** Programs that nothing in a test runs. */
function unused<K extends keyof ArtifactPrograms>(...names: readonly K[]): Pick<ArtifactPrograms, K> {
  const empty = build('unused', () => undefined);
  return Object.fromEntries(names.map((name) => [name, empty])) as unknown as Pick<ArtifactPrograms, K>;
}

/** Minimises `mean((b − t)²)` over `b ~ bernoulli(σ(eta))`, four units; no data. At the best, every eta is −∞ for t below ½. */
export function coinArtifact(t = 0.2): Artifact {
  const width = 4;
  const forward = (b: ProgramBuilder): { eta: ValueId; value: ValueId; cost: ValueId } => {
    const eta = b.input('parameter', 'eta', [width]);
    const value = draw(b, 'b', eta, width);
    const square = b.emit('square', [b.subtract(value, b.constant(t))], {});
    return { eta, value, cost: b.divide(b.sumEvent(square), b.constant(width)) };
  };
  const sampled = (name: string): Program =>
    build(name, (b) => {
      const { eta, value } = forward(b);
      b.output('sample', 'b', value);
      b.output('mean', 'b', b.broadcast(b.emit('sigmoid', [eta], {}), [BATCH, width]));
    });
  return {
    format: ARTIFACT_FORMAT,
    version: ARTIFACT_VERSION,
    name: 'coin',
    doc: undefined,
    source: { file: 'coin.sbn', text: '', imports: [] },
    constants: { t },
    data: [],
    parameters: [
      {
        name: 'eta',
        role: 'model',
        shape: [width],
        initializer: { kind: 'normal', mean: 0.5, standardDeviation: 0.1 },
        position: POSITION,
      },
    ],
    state: [{ name: 'baseline/b', shape: [], initial: 0 }],
    sites: [site('b', 'model', [width])],
    draws: [],
    objective: { kind: 'cost', sign: 1, position: POSITION },
    train: { data: {}, optimizer: undefined, batch: undefined, epochs: undefined, steps: undefined, seed: undefined },
    programs: {
      gradient: build('gradient', (b) => {
        const { eta, value, cost } = forward(b);
        const baseline = b.input('state', 'baseline/b', []);
        const signal = b.subtract(cost, baseline);
        b.output('loss', 'total', b.meanRows(cost));
        b.output('term', 'cost', b.meanRows(cost));
        b.output('signal_mean', 'b', b.meanRows(signal));
        b.output('signal_square', 'b', b.meanRows(b.emit('square', [signal], {})));
        b.output('gradient', 'eta', scoreGradient(b, signal, value, eta));
        b.output(
          'state',
          'baseline/b',
          b.add(b.multiply(baseline, b.constant(0.9)), b.multiply(b.meanRows(cost), b.constant(0.1))),
        );
      }),
      evaluate: build('evaluate', (b) => {
        b.output('cost', 'total', forward(b).cost);
      }),
      sample: sampled('sample'),
      posterior: sampled('posterior'),
      profile: build('profile', (b) => {
        const { eta, value, cost } = forward(b);
        const score = b.subtract(value, b.emit('sigmoid', [eta], {}));
        const signal = b.subtract(cost, b.input('state', 'baseline/b', []));
        b.output('site_gradient', 'b', b.multiply(b.reshape(signal, [BATCH, 1]), score));
        b.output('site_score', 'b', score);
        b.output('site_cost', 'b', cost);
      }),
      ...unused('configuration', 'enumeration'),
    },
  };
}

const X = 3;

/**
 * `h ~ bernoulli(c)`, `x ~ bernoulli(h·w + d)`, three pixels; guide `h ~ bernoulli(x · a)`; ELBO. Its
 * log likelihood is `log Σ_h p(h) p(x | h)`, two terms.
 */
export function pairArtifact(): Artifact {
  interface Parts {
    readonly h: ValueId;
    readonly guide: ValueId;
    readonly c: ValueId;
    readonly logits: ValueId;
    readonly x: ValueId;
  }
  const forward = (b: ProgramBuilder): Parts => {
    const x = b.input('data', 'x', [BATCH, X]);
    const [a, c, w, d] = (['a', 'c', 'w', 'd'] as const).map((name) =>
      b.input('parameter', name, [name === 'c' ? 1 : X]),
    );
    if (a === undefined || c === undefined || w === undefined || d === undefined) throw new Error('four parameters');
    const guide = b.matmul(x, b.reshape(a, [X, 1]));
    const h = draw(b, 'h', guide, 1);
    return { h, guide, c, x, logits: b.add(b.multiply(h, w), d) };
  };
  const wide = (b: ProgramBuilder, logits: ValueId): ValueId => b.broadcast(logits, [BATCH, 1]);
  const parameter = (name: string, shape: readonly number[]) => ({
    name,
    role: 'model' as const,
    shape,
    initializer: { kind: 'normal', mean: 0, standardDeviation: 0.5 } as const,
    position: POSITION,
  });
  return {
    format: ARTIFACT_FORMAT,
    version: ARTIFACT_VERSION,
    name: 'pair',
    doc: undefined,
    source: { file: 'pair.sbn', text: '', imports: [] },
    constants: {},
    data: [port('x', 'binary', [X])],
    parameters: [parameter('a', [X]), parameter('c', [1]), parameter('w', [X]), parameter('d', [X])],
    state: [{ name: 'baseline/h', shape: [], initial: 0 }],
    sites: [site('h', 'guide', [1]), site('x', 'model', [X], true)],
    draws: [],
    objective: { kind: 'bound', name: 'elbo', position: POSITION },
    train: {
      data: {},
      optimizer: { name: 'adam', options: { lr: 0.05 } },
      batch: 4,
      epochs: 2,
      steps: undefined,
      seed: 5,
    },
    programs: {
      gradient: build('gradient', (b) => {
        const { h, guide, c, x, logits } = forward(b);
        const likelihood = logBernoulli(b, x, logits);
        const prior = logBernoulli(b, h, wide(b, c));
        const posterior = logBernoulli(b, h, guide);
        const cost = b.subtract(b.subtract(posterior, prior), likelihood);
        const baseline = b.input('state', 'baseline/h', []);
        const signal = b.subtract(cost, baseline);
        b.output('loss', 'total', b.meanRows(cost));
        b.output('term', 'log q(h)', b.meanRows(posterior));
        b.output('term', '-log p(h)', b.meanRows(b.negate(prior)));
        b.output('term', '-log p(x)', b.meanRows(b.negate(likelihood)));
        b.output('signal_mean', 'h', b.meanRows(signal));
        b.output('signal_square', 'h', b.meanRows(b.emit('square', [signal], {})));
        const one = b.emit('negate', [b.fill(1, [BATCH])], {});
        b.output('gradient', 'a', scoreGradient(b, signal, h, guide, x));
        b.output('gradient', 'c', scoreGradient(b, one, h, c));
        const residual = b.subtract(b.emit('sigmoid', [logits], {}), x);
        const mean = (rows: ValueId): ValueId => b.divide(b.sum(rows, [0]), b.emit('batch_size', [], {}));
        b.output('gradient', 'w', mean(b.multiply(residual, h)));
        b.output('gradient', 'd', mean(residual));
        b.output(
          'state',
          'baseline/h',
          b.add(b.multiply(baseline, b.constant(0.9)), b.multiply(b.meanRows(cost), b.constant(0.1))),
        );
      }),
      evaluate: build('evaluate', (b) => {
        const { h, guide, c, x, logits } = forward(b);
        const joint = b.add(logBernoulli(b, h, wide(b, c)), logBernoulli(b, x, logits));
        b.output('log_weight', 'total', b.subtract(joint, logBernoulli(b, h, guide)));
      }),
      sample: build('sample', (b) => {
        const c = b.input('parameter', 'c', [1]);
        const h = draw(b, 'h', c, 1);
        const logits = b.add(b.multiply(h, b.input('parameter', 'w', [X])), b.input('parameter', 'd', [X]));
        b.output('sample', 'h', h);
        b.output('mean', 'h', wide(b, b.emit('sigmoid', [c], {})));
        b.output('sample', 'x', draw(b, 'x', logits, X));
        b.output('mean', 'x', b.emit('sigmoid', [logits], {}));
      }),
      posterior: build('posterior', (b) => {
        const { h, guide } = forward(b);
        b.output('sample', 'h', h);
        b.output('mean', 'h', b.emit('sigmoid', [guide], {}));
      }),
      ...unused('configuration', 'enumeration', 'profile'),
    },
  };
}

/** `log p(x)` of the pair model, exactly. */
export function pairLogLikelihood(values: Readonly<Record<string, ArrayLike<number>>>, x: readonly number[]): number {
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  const get = (name: string, index: number): number => values[name]?.[index] ?? NaN;
  const joint = [0, 1].map((h) => {
    const prior = h === 1 ? sigmoid(get('c', 0)) : 1 - sigmoid(get('c', 0));
    return x.reduce((product, value, index) => {
      const p = sigmoid(h * get('w', index) + get('d', index));
      return product * (value === 1 ? p : 1 - p);
    }, prior);
  });
  return Math.log(joint.reduce((sum, term) => sum + term, 0));
}
