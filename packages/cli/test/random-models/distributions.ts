/** Draws: which distributions there are, and how their parameters are written within their domains. */
import type { Choices } from './choices.js';
import { narrow } from './element-forms.js';
import type { Region } from './region.js';
import type { Named, Shape, Written } from './value.js';
import { combine, limit } from './value.js';
import { writeExpression } from './write-expression.js';

/** Writes the call after `~`; the value has the shape. */
type Draw = (parameters: Parameters, shape: Shape) => Written;

export interface Parameters {
  readonly choices: Choices;
  /** Any number, of the whole shape. */
  readonly any: (shape: Shape) => Written;
  /** Of a shape that stretches to it. */
  readonly narrow: (shape: Shape) => Written;
}

/** `read` is added to the numbers: one for each element. */
export function parametersIn(region: Region, depth: number, read: readonly Written[] = []): Parameters {
  const { choices } = region.file;
  const any = (shape: Shape): Written =>
    read.reduce(
      (sum, part) => combine(`${sum.text} + ${part.text}`, sum.size + 1, sum, part),
      limit(writeExpression(region, shape, depth), 6),
    );
  return { choices, any, narrow: (shape) => (choices.chance(50) ? any(narrow(choices, shape)) : any(shape)) };
}

function call(name: string, ...named: readonly (readonly [string, Written])[]): Written {
  const values = named.map(([, value]) => value);
  return combine(`${name}(${named.map(([key, { text }]) => `${key} = ${text}`).join(', ')})`, 1, ...values);
}

/** The first parameters are now and then written without their names. */
function first(choices: Choices, name: string, ...named: readonly (readonly [string, Written])[]): Written {
  if (!choices.chance(30)) return call(name, ...named);
  return combine(`${name}(${named.map(([, { text }]) => text).join(', ')})`, 1, ...named.map(([, value]) => value));
}

const unit = (value: Written): Written => combine(`0.05 + 0.9 * sigmoid(${value.text})`, 1, value);
const positive = (choices: Choices, value: Written): Written =>
  combine(
    choices.pick([`0.4 + sigmoid(${value.text})`, `exp(0.5 * tanh(${value.text}))`, `softplus(${value.text}) + 0.2`]),
    4,
    value,
  );

/** A parameter that is a number for all. */
const number = (text: string): Written => combine(text, 1);

const bernoulli: Draw = ({ choices, any }, shape) =>
  choices.chance(25)
    ? call('bernoulli', ['probs', unit(any(shape))])
    : first(choices, 'bernoulli', ['logits', any(shape)]);

const categorical: Draw = ({ choices, any }, shape) => {
  const logits = any(shape);
  if (!choices.chance(25)) return first(choices, 'categorical', ['logits', logits]);
  return call('categorical', ['probs', combine(`softmax(${logits.text})`, 1, logits)]);
};

function binomial(trials: number): Draw {
  return ({ choices, any }, shape) => {
    const count = ['trials', number(String(trials))] as const;
    if (choices.chance(25)) return call('binomial', count, ['probs', unit(any(shape))]);
    return first(choices, 'binomial', count, ['logits', any(shape)]);
  };
}

/** What can be latent. Counts that do not end are rare, so that they are cut early. */
export const LATENTS = {
  bernoulli,
  categorical,
  binomial: binomial(2),
  poisson: ({ choices, any }, shape) => {
    const value = any(shape);
    if (choices.chance(40)) return call('poisson', ['log_rate', combine(`tanh(${value.text}) - 5.5`, 1, value)]);
    return first(choices, 'poisson', ['rate', combine(`0.005 * (0.5 + sigmoid(${value.text}))`, 1, value)]);
  },
  geometric: ({ choices, any }, shape) => {
    const value = any(shape);
    if (choices.chance(40)) return call('geometric', ['logits', combine(`5.5 + tanh(${value.text})`, 1, value)]);
    return first(choices, 'geometric', ['probs', combine(`0.99 + 0.008 * sigmoid(${value.text})`, 1, value)]);
  },
} as const satisfies Readonly<Record<string, Draw>>;

export type LatentName = keyof typeof LATENTS;

interface Observable {
  readonly element: Named['element'];
  /** Its last axis is one value, whose numbers cannot depend on those before them. */
  readonly isVector?: boolean;
  readonly draw: Draw;
}

/** What data can have. The last axis of some is that of classes. */
export const OBSERVABLES: readonly Observable[] = [
  { element: 'binary', draw: bernoulli },
  {
    element: 'real',
    draw: ({ choices, any, narrow: part }, shape) =>
      first(
        choices,
        'normal',
        ['loc', any(shape)],
        ['scale', choices.chance(40) ? number('0.8') : positive(choices, part(shape))],
      ),
  },
  { element: 'onehot', draw: categorical },
  {
    element: 'count',
    draw: ({ choices, any }, shape) =>
      choices.chance(40)
        ? call('poisson', ['log_rate', limit(any(shape), 2)])
        : first(choices, 'poisson', ['rate', positive(choices, any(shape))]),
  },
  { element: 'count', draw: binomial(3) },
  {
    element: 'count',
    draw: ({ choices, any }, shape) =>
      choices.chance(40)
        ? call('geometric', ['logits', any(shape)])
        : first(choices, 'geometric', ['probs', unit(any(shape))]),
  },
  {
    element: 'real',
    draw: ({ choices, any, narrow: part }, shape) =>
      first(choices, 'laplace', ['loc', part(shape)], ['scale', positive(choices, any(shape))]),
  },
  {
    element: 'real',
    draw: ({ choices, any, narrow: part }, shape) =>
      first(choices, 'lognormal', ['loc', any(shape)], ['scale', positive(choices, part(shape))]),
  },
  {
    element: 'real',
    draw: ({ choices, any, narrow: part }, shape) =>
      first(
        choices,
        'gamma',
        ['concentration', positive(choices, any(shape))],
        ['rate', positive(choices, part(shape))],
      ),
  },
  {
    element: 'real',
    draw: ({ choices, any, narrow: part }, shape) =>
      choices.chance(40)
        ? call('beta', ['mean', unit(any(shape))], ['concentration', positive(choices, part(shape))])
        : first(choices, 'beta', ['alpha', positive(choices, any(shape))], ['beta', positive(choices, part(shape))]),
  },
  {
    element: 'real',
    draw: ({ choices, any }, shape) => first(choices, 'exponential', ['rate', positive(choices, any(shape))]),
  },
  {
    element: 'count',
    draw: ({ choices, any, narrow: part }, shape) => {
      const spread = ['concentration', positive(choices, part(shape))] as const;
      switch (choices.word('mean', 'probs', 'logits')) {
        case 'mean':
          return first(choices, 'negative_binomial', ['mean', positive(choices, any(shape))], spread);
        case 'probs':
          return call('negative_binomial', spread, ['probs', unit(any(shape))]);
        case 'logits':
          return call('negative_binomial', spread, ['logits', any(shape)]);
      }
    },
  },
  {
    element: 'count',
    isVector: true,
    draw: ({ choices, any }, shape) => {
      const logits = any(shape);
      if (shape.length === 0) return first(choices, 'poisson', ['rate', positive(choices, logits)]);
      const trials = ['trials', number('3')] as const;
      if (!choices.chance(30)) return first(choices, 'multinomial', trials, ['logits', logits]);
      return call('multinomial', trials, ['probs', combine(`softmax(${logits.text})`, 1, logits)]);
    },
  },
];
