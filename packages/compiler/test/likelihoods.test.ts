/** Densities and draws of every distribution of a number: reference values, normalisation, moments, derivatives. */
import { at, BATCH, type ProgramBuilder, type ValueId } from '@sbn/program';
import { describe, expect, it, test } from 'vitest';
import { differentiate } from '../src/differentiate.js';
import { DISTRIBUTIONS, type DistributionName } from '../src/distributions/index.js';
import { evaluate, valuesOf } from './evaluate.js';

type Parameters = Readonly<Record<string, number>>;

interface Subject {
  readonly name: DistributionName;
  readonly parameters: Parameters;
}

function inputsOf(builder: ProgramBuilder, parameters: Parameters): Record<string, ValueId> {
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, builder.input('parameter', name, [])]));
}

function asInputs(parameters: Parameters): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
}

function logProbabilities({ name, parameters }: Subject, values: readonly number[]): readonly number[] {
  const outputs = evaluate(
    (builder) => {
      const x = builder.input('data', 'x', [BATCH]);
      return { log: DISTRIBUTIONS[name].logProbability(builder, x, inputsOf(builder, parameters)) };
    },
    { x: values, ...asInputs(parameters) },
    values.length,
  );
  return valuesOf(outputs, 'log');
}

function meanOf({ name, parameters }: Subject): number {
  const outputs = evaluate(
    (builder) => ({ mean: DISTRIBUTIONS[name].mean(builder, inputsOf(builder, parameters)) }),
    asInputs(parameters),
  );
  return at(valuesOf(outputs, 'mean'), 0);
}

function draw({ name, parameters }: Subject, uniforms: readonly number[]): readonly number[] {
  const outputs = evaluate(
    (builder) => {
      const noise = builder.input('noise', 'u', [BATCH]);
      return { draw: DISTRIBUTIONS[name].sample(builder, inputsOf(builder, parameters), noise, [BATCH]) };
    },
    { u: uniforms, ...asInputs(parameters) },
    uniforms.length,
  );
  return valuesOf(outputs, 'draw');
}

interface Reference extends Subject {
  readonly values: readonly number[];
  readonly logs: readonly number[];
}

/** By the textbook formulas in mpmath 1.3 with 60 digits, log Γ by `loggamma`. */
const REFERENCES: readonly Reference[] = [
  {
    name: 'normal',
    parameters: { loc: 0.5, scale: 2 },
    values: [-3, 0.5, 7],
    logs: [-3.143335713764618, -1.612085713764618, -6.893335713764618],
  },
  {
    name: 'normal',
    parameters: { loc: 0, scale: 1e-6 },
    values: [1e-6, -3e-6],
    logs: [12.396572024759601, 8.396572024759601],
  },
  {
    name: 'laplace',
    parameters: { loc: 0.5, scale: 2 },
    values: [-3, 0.5, 7],
    logs: [-3.136294361119891, -1.3862943611198906, -4.636294361119891],
  },
  {
    name: 'laplace',
    parameters: { loc: -1, scale: 1e6 },
    values: [0, 1e7],
    logs: [-14.50865873852422, -24.50865873852422],
  },
  {
    name: 'lognormal',
    parameters: { loc: 0.5, scale: 0.75 },
    values: [1e-4, 1, 20],
    logs: [-75.2348806573372, -0.8534786829751141, -9.16359280653708],
  },
  {
    name: 'exponential',
    parameters: { rate: 0.25 },
    values: [0, 3, 100],
    logs: [-1.3862943611198906, -2.136294361119891, -26.38629436111989],
  },
  {
    name: 'exponential',
    parameters: { rate: 1e6 },
    values: [1e-7, 1e-5],
    logs: [13.715510557964274, 3.815510557964274],
  },
  {
    name: 'gamma',
    parameters: { concentration: 2.5, rate: 0.5 },
    values: [1e-3, 3, 40],
    logs: [-12.379683740345987, -1.869632388870618, -16.48423164070188],
  },
  {
    name: 'gamma',
    parameters: { concentration: 0.1, rate: 3 },
    values: [1e-30, 0.02, 2],
    logs: [60.02694608797184, 1.3179692820179365, -8.766683885371346],
  },
  {
    name: 'gamma',
    parameters: { concentration: 1e6, rate: 1e6 },
    values: [0.999, 1, 1.0025],
    logs: [5.489483579244214, 5.988816662444131, 2.866518369444524],
  },
  {
    name: 'gamma',
    parameters: { concentration: 1e-6, rate: 1 },
    values: [1e-10, 1],
    logs: [9.210317923240096, -14.815509980749432],
  },
  { name: 'gamma', parameters: { concentration: 1e6, rate: 1e-6 }, values: [1e12], logs: [-21.642204453484418] },
  {
    name: 'beta',
    parameters: { alpha: 2, beta: 3 },
    values: [0.1, 0.5, 0.999],
    logs: [-0.028399474521697977, 0.4054651081081644, -11.331604408509858],
  },
  {
    name: 'beta',
    parameters: { alpha: 0.5, beta: 0.25 },
    values: [1e-9, 0.5, 0.9375],
    logs: [8.704526403031723, -0.7906725404915506, 0.4546042860571393],
  },
  {
    name: 'beta',
    parameters: { alpha: 1e6, beta: 2e6 },
    values: [0.3333, 0.334],
    logs: [7.2827112474995985, 4.291159494937363],
  },
  {
    name: 'beta',
    parameters: { alpha: 1e-6, beta: 1e-6 },
    values: [1e-8, 0.5],
    logs: [3.912004594749037, -13.122364763697044],
  },
  {
    name: 'beta',
    parameters: { mean: 0.2, concentration: 7 },
    values: [0.05, 0.6],
    logs: [1.1447086050446136, -1.840316947478567],
  },
  {
    name: 'negative_binomial',
    parameters: { mean: 3, concentration: 2 },
    values: [0, 1, 5, 40],
    logs: [-1.8325814637483102, -1.6502599069543555, -2.5949501133502086, -18.55203434768363],
  },
  {
    name: 'negative_binomial',
    parameters: { mean: 0.01, concentration: 0.3 },
    values: [0, 2],
    logs: [-0.009836946846897262, -8.51256707623558],
  },
  {
    name: 'negative_binomial',
    parameters: { mean: 1e6, concentration: 1e6 },
    values: [998000, 1000000, 1003000],
    logs: [-9.172767444258684, -8.173267527466782, -10.422145614714568],
  },
  {
    name: 'negative_binomial',
    parameters: { mean: 5, concentration: 1e6 },
    values: [0, 5, 12],
    logs: [-4.999987500041667, -1.7403046806057108, -5.673941046597347],
  },
  {
    name: 'negative_binomial',
    parameters: { mean: 2, concentration: 1e-6 },
    values: [0, 1, 1000],
    logs: [-1.4508658238524094e-5, -13.815525566622387, -20.72377286100961],
  },
  {
    name: 'negative_binomial',
    parameters: { mean: 1e-6, concentration: 1e6 },
    values: [0, 1],
    logs: [-9.999999999995e-7, -13.815511557965275],
  },
  {
    name: 'negative_binomial',
    parameters: { concentration: 2.5, probs: 0.3 },
    values: [0, 4, 30],
    logs: [-3.00993201081484, -2.2368064275334927, -8.831914134665533],
  },
  {
    name: 'negative_binomial',
    parameters: { concentration: 0.5, logits: -2 },
    values: [0, 4, 30],
    logs: [-1.0634640055214863, -2.86785825212358, -7.148434444396117],
  },
  {
    name: 'poisson',
    parameters: { rate: 2.5 },
    values: [0, 3, 20],
    logs: [-2.5, -1.5428872736055899, -26.509801823270383],
  },
  {
    name: 'geometric',
    parameters: { probs: 0.2 },
    values: [0, 3, 20],
    logs: [-1.6094379124341003, -2.2788685663767296, -6.072308938718296],
  },
  {
    name: 'binomial',
    parameters: { trials: 9, probs: 0.2 },
    values: [0, 3, 9],
    logs: [-2.008291961827888, -1.736358246344246, -14.484941211906904],
  },
  { name: 'bernoulli', parameters: { probs: 0.2 }, values: [0, 1], logs: [-0.22314355131420976, -1.6094379124341003] },
];

describe('log-probabilities are those computed elsewhere', () => {
  it.each(REFERENCES)('$name of $parameters', (reference) => {
    logProbabilities(reference, reference.values).forEach((log, place) => {
      const expected = at(reference.logs, place);
      // A value times a parameter of 1e6 is rounded by 1e-10.
      const scale = Math.max(1, ...Object.values(reference.parameters).map((value) => Math.abs(value)));
      const tolerance = scale >= 1e5 ? 2e-10 : 2e-14;
      expect(Math.abs(log - expected)).toBeLessThan(tolerance * Math.max(1, Math.abs(expected)));
    });
  });

  it('multinomial of probabilities and of logits', () => {
    const rows = [
      [0, 2, 3],
      [5, 0, 0],
    ];
    const log = (form: 'probs' | 'logits', values: readonly number[], trials: number, x: readonly number[]): number => {
      const outputs = evaluate(
        (builder) => ({
          log: DISTRIBUTIONS.multinomial.logProbability(builder, builder.input('data', 'x', [BATCH, 3]), {
            [form]: builder.input('parameter', 'theta', [3]),
            trials: builder.fill(trials, [1]),
          }),
        }),
        { x, theta: values },
      );
      return at(valuesOf(outputs, 'log'), 0);
    };
    const [first = [], second = []] = rows;
    expect(log('probs', [0.2, 0.3, 0.5], 5, first)).toBeCloseTo(-2.184802057337662, 13);
    expect(log('probs', [0.2, 0.3, 0.5], 5, second)).toBeCloseTo(-8.047189562170502, 13);
    expect(log('logits', [0.3, -1.2, 2], 7, [1, 2, 4])).toBeCloseTo(-4.85773836451201, 13);
  });
});

interface Moments extends Subject {
  readonly mean: number;
  readonly variance: number;
}

const EULER_E = Math.E;

/** Mean and variance by the textbooks' formulas. */
const MOMENTS: readonly Moments[] = [
  { name: 'normal', parameters: { loc: 0.5, scale: 2 }, mean: 0.5, variance: 4 },
  { name: 'laplace', parameters: { loc: -1, scale: 0.7 }, mean: -1, variance: 2 * 0.7 ** 2 },
  {
    name: 'lognormal',
    parameters: { loc: 0.2, scale: 0.5 },
    mean: EULER_E ** (0.2 + 0.125),
    variance: Math.expm1(0.25) * EULER_E ** (0.4 + 0.25),
  },
  { name: 'exponential', parameters: { rate: 0.25 }, mean: 4, variance: 16 },
  { name: 'gamma', parameters: { concentration: 2.5, rate: 0.5 }, mean: 5, variance: 10 },
  { name: 'gamma', parameters: { concentration: 0.3, rate: 3 }, mean: 0.1, variance: 0.3 / 9 },
  { name: 'gamma', parameters: { concentration: 40, rate: 2 }, mean: 20, variance: 10 },
  { name: 'beta', parameters: { alpha: 2, beta: 3 }, mean: 0.4, variance: 6 / (25 * 6) },
  { name: 'beta', parameters: { alpha: 0.5, beta: 0.25 }, mean: 2 / 3, variance: 0.125 / (0.75 ** 2 * 1.75) },
  { name: 'beta', parameters: { mean: 0.2, concentration: 7 }, mean: 0.2, variance: (0.2 * 0.8) / 8 },
  { name: 'poisson', parameters: { rate: 2.5 }, mean: 2.5, variance: 2.5 },
  { name: 'binomial', parameters: { trials: 9, probs: 0.2 }, mean: 1.8, variance: 1.44 },
  { name: 'geometric', parameters: { probs: 0.2 }, mean: 4, variance: 20 },
  { name: 'bernoulli', parameters: { probs: 0.2 }, mean: 0.2, variance: 0.16 },
  { name: 'negative_binomial', parameters: { mean: 3, concentration: 2 }, mean: 3, variance: 3 + 9 / 2 },
  { name: 'negative_binomial', parameters: { mean: 40, concentration: 0.6 }, mean: 40, variance: 40 + 1600 / 0.6 },
  {
    name: 'negative_binomial',
    parameters: { concentration: 2.5, probs: 0.3 },
    mean: (2.5 * 0.7) / 0.3,
    variance: (2.5 * 0.7) / 0.09,
  },
  {
    name: 'negative_binomial',
    parameters: { concentration: 0.5, logits: -2 },
    mean: 0.5 * EULER_E ** 2,
    variance: 0.5 * EULER_E ** 2 * (1 + EULER_E ** 2),
  },
];

/** Values with weights, whose weighted sums of a density are its integrals, or its sums over a support of counts. */
interface Rule {
  readonly values: readonly number[];
  readonly weights: readonly number[];
}

/** The trapezium rule in t, of steps so fine that more changes nothing. */
function substitute(from: number, to: number, value: (t: number) => number, slope: (t: number) => number): Rule {
  const h = 1 / 16;
  const ts = Array.from({ length: Math.round((to - from) / h) }, (_, step) => from + step * h);
  return { values: ts.map(value), weights: ts.map((t) => h * slope(t)) };
}

function ruleFor({ name, parameters, mean, variance }: Moments): Rule {
  const deviation = Math.sqrt(variance);
  switch (DISTRIBUTIONS[name].range) {
    case 'positive':
    case 'non_negative':
      return substitute(-120, Math.log(mean + 60 * deviation) + 2, Math.exp, Math.exp);
    case 'open_unit': {
      // Where 1 − x is no float64 any more there is less than 1e-9 of the mass, as in the tail of β = ¼ to be seen below.
      const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
      return substitute(-120, 36, sigmoid, (t) => sigmoid(t) * sigmoid(-t));
    }
    case 'any':
    case 'total':
      break;
  }
  if (DISTRIBUTIONS[name].support([1]).kind !== 'real') {
    const last = parameters['trials'] ?? (name === 'bernoulli' ? 1 : Math.ceil(mean + 50 * deviation + 30));
    const values = Array.from({ length: last + 1 }, (_, k) => k);
    return { values, weights: values.map(() => 1) };
  }
  // From the centre to either side, as a density may have its kink there.
  const half = substitute(-45, Math.log(60 * deviation), Math.exp, Math.exp);
  return {
    values: [...half.values.map((distance) => mean + distance), ...half.values.map((distance) => mean - distance)],
    weights: [...half.weights, ...half.weights],
  };
}

/** E[(x − c)^power] */
function momentsOf(subject: Moments, centre: number): (power: number) => number {
  const { values, weights } = ruleFor(subject);
  const masses = logProbabilities(subject, values).map((log, place) => Math.exp(log) * at(weights, place));
  return (power) => values.reduce((sum, x, place) => sum + (x - centre) ** power * at(masses, place), 0);
}

/** Uniforms from a linear congruential generator (Knuth's MMIX), the upper bits of which are even. */
function uniforms(count: number): readonly number[] {
  let state = 88172645463325252n;
  return Array.from({ length: count }, () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return (Number(state >> 41n) + 0.5) / 2 ** 23;
  });
}

const DRAWS = 20_000;
const NOISE = uniforms(DRAWS);

describe.each(MOMENTS)('$name of $parameters', (subject) => {
  const { name, parameters, mean, variance } = subject;
  const moment = momentsOf(subject, mean);

  it('has probabilities that add up to 1, and the mean and variance of the textbooks', () => {
    // A density that grows without end towards 1 keeps as much of its mass beyond the last float64.
    const tolerance = name === 'beta' && (parameters['beta'] ?? 1) < 1 ? 4e-4 : 1e-9;
    expect(Math.abs(moment(0) - 1)).toBeLessThan(tolerance);
    expect(Math.abs(moment(1)) / Math.sqrt(variance)).toBeLessThan(tolerance);
    expect(Math.abs(moment(2) / variance - 1)).toBeLessThan(tolerance);
    expect(Math.abs(meanOf(subject) / mean - 1)).toBeLessThan(1e-13);
  });

  it('is drawn with that mean and that variance', () => {
    const draws = draw(subject, NOISE);
    const average = draws.reduce((sum, x) => sum + x, 0) / DRAWS;
    const spread = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / DRAWS;
    expect(Math.abs(average - mean)).toBeLessThan(3.5 * Math.sqrt(variance / DRAWS));
    // Var[(x − μ)²] = μ₄ − σ⁴
    expect(Math.abs(spread - variance)).toBeLessThan(3.5 * Math.sqrt((moment(4) - variance ** 2) / DRAWS));
  });

  it('draws inside of its support', () => {
    const draws = draw(subject, [2 ** -24, 0.5, 1 - 2 ** -24]);
    for (const log of logProbabilities(subject, draws)) expect(Number.isFinite(log)).toBe(true);
  });

  test('the slopes by its parameters are those of differences', () => {
    const names = Object.keys(parameters).filter((parameter) => parameter !== 'trials');
    const values = draw(subject, [0.1, 0.5, 0.93]);
    const outputs = evaluate(
      (builder) => {
        const inputs = inputsOf(builder, parameters);
        const log = DISTRIBUTIONS[name].logProbability(builder, builder.input('data', 'x', [BATCH]), inputs);
        const wanted = names.map((parameter) => inputs[parameter] ?? NaN);
        const slopes = differentiate(builder, [{ value: log, adjoint: builder.fill(1, builder.shapeOf(log)) }], wanted);
        return Object.fromEntries(names.map((parameter, place) => [parameter, slopes[place] ?? NaN]));
      },
      { x: values, ...asInputs(parameters) },
      values.length,
    );
    for (const parameter of names) {
      const total = (step: number): number => {
        const moved = { ...parameters, [parameter]: (parameters[parameter] ?? NaN) + step };
        return logProbabilities({ name, parameters: moved }, values).reduce((sum, log) => sum + log, 0);
      };
      const h = 1e-3 * Math.max(0.1, Math.abs(parameters[parameter] ?? 0));
      const slope = (total(-2 * h) - 8 * total(-h) + 8 * total(h) - total(2 * h)) / (12 * h);
      expect(Math.abs(at(valuesOf(outputs, parameter), 0) - slope)).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    }
  });
});

describe('multinomial', () => {
  const probs = [0.2, 0.3, 0.5];
  const trials = 6;
  const parameters = (builder: ProgramBuilder): Record<string, ValueId> => ({
    probs: builder.input('parameter', 'theta', [3]),
    trials: builder.fill(trials, [1]),
  });
  const support = Array.from({ length: trials + 1 }, (_, i) =>
    Array.from({ length: trials + 1 - i }, (__, j) => [i, j, trials - i - j]),
  ).flat();
  const outputs = evaluate(
    (builder) => ({
      log: DISTRIBUTIONS.multinomial.logProbability(
        builder,
        builder.input('data', 'x', [BATCH, 3]),
        parameters(builder),
      ),
      mean: DISTRIBUTIONS.multinomial.mean(builder, parameters(builder)),
    }),
    { x: support.flat(), theta: probs },
    support.length,
  );
  const masses = valuesOf(outputs, 'log').map(Math.exp);

  it('has probabilities that add up to 1, with the mean n p', () => {
    expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 13);
    valuesOf(outputs, 'mean').forEach((mean, k) => {
      expect(mean).toBeCloseTo(trials * at(probs, k), 13);
      expect(support.reduce((sum, x, place) => sum + at(x, k) * at(masses, place), 0)).toBeCloseTo(mean, 12);
    });
  });

  it('draws counts that add up, with the means and covariances that there should be', () => {
    const noise = uniforms(3 * DRAWS);
    const drawn = evaluate(
      (builder) => {
        const uniform = builder.input('noise', 'u', [BATCH, 3]);
        return { draw: DISTRIBUTIONS.multinomial.sample(builder, parameters(builder), uniform, [BATCH, 3]) };
      },
      { u: noise, theta: probs },
      DRAWS,
    );
    const values = valuesOf(drawn, 'draw');
    const rows = Array.from({ length: DRAWS }, (_, row) => values.slice(3 * row, 3 * row + 3));
    expect(rows.every(([a = NaN, b = NaN, c = NaN]) => a + b + c === trials)).toBe(true);
    for (const i of [0, 1, 2]) {
      for (const j of [0, 1, 2]) {
        const deviation = (x: readonly number[], k: number): number => at(x, k) - trials * at(probs, k);
        const covariance = rows.reduce((sum, x) => sum + deviation(x, i) * deviation(x, j), 0) / DRAWS;
        const [p, q] = [at(probs, i), at(probs, j)];
        const expected = i === j ? trials * p * (1 - p) : -trials * p * q;
        const square = support.reduce(
          (sum, x, place) => sum + (deviation(x, i) * deviation(x, j)) ** 2 * at(masses, place),
          0,
        );
        expect(Math.abs(covariance - expected)).toBeLessThan(3.5 * Math.sqrt((square - expected ** 2) / DRAWS));
      }
    }
  });
});

test('every distribution is in the tables', () => {
  const tested = new Set<string>([...MOMENTS.map(({ name }) => name), 'categorical', 'multinomial']);
  expect(Object.keys(DISTRIBUTIONS).filter((name) => !tested.has(name))).toEqual([]);
});

describe('what is no probability and no rate', () => {
  it.each([
    { name: 'bernoulli', parameters: { probs: -0.01 } },
    { name: 'bernoulli', parameters: { probs: 1.01 } },
    { name: 'poisson', parameters: { rate: -0.01 } },
    { name: 'geometric', parameters: { probs: 1.01 } },
    { name: 'binomial', parameters: { trials: 3, probs: -0.01 } },
    { name: 'negative_binomial', parameters: { mean: -0.01, concentration: 1 } },
    { name: 'negative_binomial', parameters: { mean: 1, concentration: -1 } },
    { name: 'exponential', parameters: { rate: -1 } },
    { name: 'normal', parameters: { loc: 0, scale: -1 } },
    { name: 'laplace', parameters: { loc: 0, scale: -1 } },
    { name: 'lognormal', parameters: { loc: 0, scale: -1 } },
    { name: 'gamma', parameters: { concentration: -1, rate: 1 } },
    { name: 'gamma', parameters: { concentration: 1, rate: -1 } },
    { name: 'beta', parameters: { alpha: -1, beta: 1 } },
    { name: 'beta', parameters: { mean: 1.1, concentration: 1 } },
  ] as const)('$name of $parameters has no log-probability', (subject) => {
    const value = DISTRIBUTIONS[subject.name].range === 'open_unit' ? 0.3 : 1;
    expect(logProbabilities(subject, [value])).toEqual([NaN]);
  });

  it('rounding is forgiven', () => {
    expect(logProbabilities({ name: 'bernoulli', parameters: { probs: 1 + 1e-7 } }, [1])[0]).toBeCloseTo(0, 6);
    expect(Number.isFinite(logProbabilities({ name: 'poisson', parameters: { rate: -1e-7 } }, [0])[0])).toBe(true);
  });
});
