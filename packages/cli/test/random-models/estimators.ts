/** Gradient estimators of random models: what they can serve, and what is known of them beforehand. */
import type { Choices } from './choices.js';
import type { LatentName } from './distributions.js';

export interface EstimatorChoice {
  /** As after `via`. */
  readonly text: string;
  readonly verdict: 'unbiased' | 'biased';
}

/** How a file estimates its gradients. */
export interface EstimatorPlan {
  /** The declaration `estimator …`, if there is one. */
  readonly file: EstimatorChoice | undefined;
  /** For a site's `via`. */
  readonly via: (distribution: LatentName) => EstimatorChoice | undefined;
  /** Sites may be summed out. */
  readonly sums: boolean;
  /** Nothing is relaxed, and draws may be compared. */
  readonly comparesDraws: boolean;
  /** Some sites are drawn several times. */
  readonly drawsAgain: boolean;
  /** What latents can be for the estimators to serve them. */
  readonly distributions: readonly [LatentName, ...LatentName[]];
}

const ALL = ['bernoulli', 'categorical', 'bernoulli', 'categorical', 'binomial', 'poisson', 'geometric'] as const;

const OPTIONS: readonly (readonly [string, ...string[]])[] = [
  ['costs = full', 'costs = local'],
  ['expansion = trunk', 'expansion = rollout'],
  ['residual = plain', 'residual = recursive'],
  ['order = 2', 'order = 1'],
  ['scale = learned', 'scale = fixed'],
  ['center = none', 'center = running'],
  ['baseline = input'],
];

/** `muprop` with random options. */
function writeMuProp(choices: Choices, more: readonly string[] = []): EstimatorChoice {
  const name = choices.pick(['muprop', 'muprop', 'algorithm1', 'second_order']);
  const options = OPTIONS.flatMap((values) => (choices.chance(30) ? [choices.pick(values)] : []));
  const all = [...options, ...more];
  return { text: all.length === 0 ? name : `${name}(${all.join(', ')})`, verdict: 'unbiased' };
}

function writeScore(choices: Choices): EstimatorChoice {
  const options = [
    ...(choices.chance(30) ? ['costs = full'] : []),
    ...(choices.chance(30) ? ['center = none'] : []),
    ...(choices.chance(20) ? ['baseline = input'] : []),
  ];
  return {
    text: options.length === 0 ? 'likelihood_ratio' : `likelihood_ratio(${options.join(', ')})`,
    verdict: 'unbiased',
  };
}

function writeBiased(choices: Choices, distribution: LatentName | undefined): EstimatorChoice {
  const everywhere = [
    'straight_through',
    'nvil',
    'muprop(normalize = yes)',
    'likelihood_ratio(normalize = yes)',
  ] as const;
  const hasTwoMore = distribution === 'bernoulli' || distribution === 'categorical';
  const text =
    hasTwoMore && choices.chance(70) ? choices.word('half', 'gumbel(0.5)') : choices.pick<string>(everywhere);
  return { text, verdict: 'biased' };
}

/** Whether an estimator, by default MuProp, can be that of a site whose elements depend on those before them. */
export function servesOrdered(text: string | undefined): boolean {
  return (
    text === undefined || (/^(muprop|likelihood_ratio|rloo|algorithm1|nvil)/.test(text) && !text.includes('order = 2'))
  );
}

export function planEstimators(choices: Choices): EstimatorPlan {
  const nothing = {
    file: undefined,
    via: () => undefined,
    sums: false,
    comparesDraws: false,
    drawsAgain: false,
    distributions: ALL,
  };
  const one: readonly ['bernoulli'] = ['bernoulli'];
  switch (choices.word('default', 'relaxed', 'summed', 'scored', 'again', 'biased', 'relaxed', 'summed', 'biased')) {
    case 'default':
      return nothing;
    case 'relaxed':
      return {
        ...nothing,
        file: choices.chance(70) ? writeMuProp(choices) : undefined,
        via: () => (choices.chance(50) ? choices.pick([writeMuProp(choices), writeScore(choices)]) : undefined),
      };
    case 'summed':
      return {
        ...nothing,
        sums: true,
        via: () => (choices.chance(30) ? writeMuProp(choices) : undefined),
        distributions: ['bernoulli', 'categorical', 'binomial', 'poisson'],
      };
    case 'scored': {
      const file = choices.pick<EstimatorChoice>([writeScore(choices), { text: 'rloo', verdict: 'unbiased' }]);
      return {
        ...nothing,
        file,
        via: () => (choices.chance(30) ? writeScore(choices) : undefined),
        comparesDraws: true,
        drawsAgain: file.text === 'rloo',
      };
    }
    case 'again': {
      const isPair = choices.chance(30);
      const file: EstimatorChoice = isPair
        ? { text: 'disarm', verdict: 'unbiased' }
        : writeMuProp(choices, ['draws = 2']);
      return {
        ...nothing,
        file,
        via: () => (choices.chance(30) ? writeMuProp(choices) : undefined),
        drawsAgain: true,
        distributions: isPair ? one : ['bernoulli', 'categorical', 'binomial'],
      };
    }
    case 'biased':
      return {
        ...nothing,
        file: choices.chance(50) ? writeBiased(choices, undefined) : undefined,
        via: (distribution) =>
          choices.chance(70)
            ? choices.pick([
                writeBiased(choices, distribution),
                writeBiased(choices, distribution),
                writeMuProp(choices),
              ])
            : undefined,
      };
  }
}
