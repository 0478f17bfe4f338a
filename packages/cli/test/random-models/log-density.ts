/** log p of one draw, by the formulas of the textbooks. A draw is one number, or one vector of classes. */
import { logGamma } from '@sbn/program';
import { logSumExp, sum } from './tensor.js';

/** Parameters as numbers; those along classes as vectors. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

const logFactorial = (count: number): number => logGamma(count + 1);
const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** log p and log(1 − p) of `probs` or `logits`. */
function chances(get: (name: string) => number, has: (name: string) => boolean): readonly [number, number] {
  if (has('probs')) return [Math.log(get('probs')), Math.log1p(-get('probs'))];
  return [-logSumExp([0, -get('logits')]), -logSumExp([0, get('logits')])];
}

export function logDensity(distribution: string, draw: readonly number[], parameters: Numbers): number {
  const get = (name: string): number => parameters[name]?.[0] ?? NaN;
  const has = (name: string): boolean => name in parameters;
  const [x = NaN] = draw;
  const classes = parameters['probs']?.map(Math.log) ?? logSoftmax(parameters['logits'] ?? []);
  const perClass = sum(draw.map((count, k) => count * (classes[k] ?? NaN)));
  switch (distribution) {
    case 'bernoulli': {
      const [success, failure] = chances(get, has);
      return x * success + (1 - x) * failure;
    }
    case 'categorical':
      return perClass;
    case 'binomial': {
      const [success, failure] = chances(get, has);
      return logChoose(get('trials'), x) + x * success + (get('trials') - x) * failure;
    }
    case 'geometric': {
      const [success, failure] = chances(get, has);
      return success + x * failure;
    }
    case 'poisson': {
      const logRate = has('log_rate') ? get('log_rate') : Math.log(get('rate'));
      return x * logRate - Math.exp(logRate) - logFactorial(x);
    }
    case 'normal':
      return -0.5 * ((x - get('loc')) / get('scale')) ** 2 - Math.log(get('scale')) - 0.5 * Math.log(2 * Math.PI);
    case 'laplace':
      return -Math.abs(x - get('loc')) / get('scale') - Math.log(2 * get('scale'));
    case 'lognormal':
      return logDensity('normal', [Math.log(x)], parameters) - Math.log(x);
    case 'exponential':
      return Math.log(get('rate')) - get('rate') * x;
    case 'gamma': {
      const [a, rate] = [get('concentration'), get('rate')];
      return a * Math.log(rate) - logGamma(a) + (a - 1) * Math.log(x) - rate * x;
    }
    case 'beta': {
      const a = has('alpha') ? get('alpha') : get('mean') * get('concentration');
      const b = has('beta') ? get('beta') : (1 - get('mean')) * get('concentration');
      return logGamma(a + b) - logGamma(a) - logGamma(b) + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x);
    }
    case 'multinomial':
      return logFactorial(get('trials')) + perClass - sum(draw.map(logFactorial));
    case 'negative_binomial': {
      const r = get('concentration');
      const [success, failure] = has('mean')
        ? [Math.log(r / (r + get('mean'))), Math.log(get('mean') / (r + get('mean')))]
        : chances(get, has);
      return logGamma(x + r) - logGamma(r) - logFactorial(x) + r * success + x * failure;
    }
    default:
      throw new Error(`${distribution} has no density here`);
  }
}

function logSoftmax(logits: readonly number[]): readonly number[] {
  const total = logSumExp(logits);
  return logits.map((logit) => logit - total);
}

/** Those whose draws are vectors along the last axis. */
export const VECTORS: ReadonlySet<string> = new Set(['categorical', 'multinomial']);
