/** The models of the table: a text for every distribution, structure and objective, as small as shows the structure. */

/** How large a site is. */
export interface SiteSize {
  /** Elements, or one-hot vectors. */
  readonly units: number;
  /** Of a one-hot vector. */
  readonly classes: number;
  /** The largest value of a count that does not end: what lies beyond has a probability of less than 1e-18. */
  readonly cut: number;
  /** Where the site is not of the model's distribution. */
  readonly distribution?: DistributionName;
}

/** What a latent of the table can be. */
export interface TableDistribution {
  /** Numbers that parametrise a site. */
  readonly width: (size: SiteSize) => number;
  /** What stands after `~`, for a list of that many numbers. */
  readonly draw: (numbers: string, size: SiteSize) => string;
  /** The value as a list of numbers, for layers. */
  readonly flat: (site: string) => string;
  /** The value as one number, different for all values. */
  readonly read: (site: string, size: SiteSize) => string;
}

export const DISTRIBUTIONS = {
  bernoulli: {
    width: ({ units }) => units,
    draw: (numbers) => `bernoulli(logits = ${numbers})`,
    flat: (site) => site,
    read: (site, { units }) => `sum(${site} * ${list([0.9, -0.6], units)})`,
  },
  categorical: {
    width: ({ units, classes }) => units * classes,
    draw: (numbers, { units, classes }) =>
      `categorical(logits = ${units === 1 ? numbers : `reshape(${numbers}, ${String(units)}, ${String(classes)})`})`,
    flat: (site) => `flatten(${site})`,
    read: (site, { units, classes }) =>
      `sum(flatten(${site}) * ${list([0.4, -0.8, 1, 0.7, -0.3, 0.2], units * classes)})`,
  },
  poisson: {
    width: ({ units }) => units,
    draw: (numbers, { cut }) => `poisson(rate = ${largestRate(cut).toPrecision(3)} * sigmoid(${numbers}))`,
    flat: (site) => site,
    read: (site, { units }) => `sum(${site} * ${list([0.9, -0.6], units)})`,
  },
} as const satisfies Readonly<Record<string, TableDistribution>>;

/** P(X > k) ≤ λᵏ⁺¹/(k + 1)! for a Poisson of rate λ. */
function largestRate(cut: number): number {
  const factorial = Array.from({ length: cut + 1 }, (_, index) => index + 1).reduce((product, k) => product * k, 1);
  return (0.9e-18 * factorial) ** (1 / (cut + 1));
}

export type DistributionName = keyof typeof DISTRIBUTIONS;

export const OBJECTIVES = ['elbo', 'likelihood', 'loss'] as const;
export type ObjectiveName = (typeof OBJECTIVES)[number];

export interface Structure {
  /** Latent sites, with their latent parents. */
  readonly sites: readonly (readonly [site: string, ...parents: string[]])[];
  /** The latents that each cost reads. */
  readonly costs: readonly (readonly string[])[];
  /** A cost has parameters of its own under every objective. */
  readonly trainedCost?: boolean;
  /** All sites and costs have a parameter in common. */
  readonly shared?: boolean;
}

export const STRUCTURES = {
  'one site': { sites: [['a']], costs: [['a']] },
  'chain of 2': { sites: [['a'], ['b', 'a']], costs: [['b']] },
  'chain of 3': { sites: [['a'], ['b', 'a'], ['c', 'b']], costs: [['c']] },
  'skip connection': { sites: [['a'], ['b', 'a'], ['c', 'a', 'b']], costs: [['a', 'c']] },
  siblings: { sites: [['a'], ['b', 'a'], ['c', 'a']], costs: [['b', 'c']] },
  // Nothing but the second cost depends on b, which depends on nothing.
  'site without descendants': { sites: [['a'], ['b']], costs: [['a'], ['a', 'b']] },
  'cost of some sites': { sites: [['a'], ['b', 'a']], costs: [['a'], ['b']] },
  'trained cost': { sites: [['a'], ['b', 'a']], costs: [['a', 'b']], trainedCost: true },
  'shared parameters': { sites: [['a'], ['b', 'a']], costs: [['a', 'b']], shared: true },
} as const satisfies Readonly<Record<string, Structure>>;

export type StructureName = keyof typeof STRUCTURES;

export interface TableModel {
  readonly distribution: DistributionName;
  readonly structure: StructureName;
  readonly objective: ObjectiveName;
}

/** A text of the language; `sizes` of the structure's sites, in their order. */
export function writeModel(
  { distribution: name, structure, objective }: TableModel,
  sizes: readonly SiteSize[],
): string {
  const { sites, costs, trainedCost = false, shared = false }: Structure = STRUCTURES[structure];
  const sizeOf = (site: string): SiteSize =>
    sizes[sites.findIndex(([id]) => id === site)] ?? { units: 1, classes: 2, cut: 2 };
  const distributionOf = (site: string): TableDistribution => DISTRIBUTIONS[sizeOf(site).distribution ?? name];
  const flatten = (site: string): string => distributionOf(site).flat(site);
  const readAll = (names: readonly string[]): readonly string[] =>
    names.map((site) => distributionOf(site).read(site, sizeOf(site)));
  /** `given` is data that sites are drawn from beside their parents. */
  const draw = (given: readonly string[]): readonly string[] =>
    sites.map(([site, ...parents]) => {
      const known = [...given, ...parents.map(flatten)];
      const width = String(distributionOf(site).width(sizeOf(site)));
      const numbers = known.length === 0 ? `bias(${width})` : `dense(${concat(known)}, ${width})`;
      return `  ${site} ~ ${distributionOf(site).draw(shared ? `u * ${numbers} + u` : numbers, sizeOf(site))}`;
    });
  const isReal = objective === 'likelihood' || trainedCost;
  const observed = costs.map((_, index) => `x${String(index + 1)}`);
  const observations = observed.map((site, index) => {
    const names = costs[index] ?? [];
    const mean = `dense(${concat(names.map(flatten))}, 2)${shared ? ' + u' : ''}`;
    const scale = trainedCost ? `exp(0.5 * t * tanh(${readAll(names).join(' + ')}))` : '0.8';
    return `  ${site} ~ ${isReal ? `normal(tanh(${mean}), ${scale})` : `bernoulli(logits = ${mean})`}`;
  });
  const parameters = [
    ...(shared ? ['param u: real = normal(0, 1)'] : []),
    ...(trainedCost ? ['param t: real = normal(0, 1)'] : []),
  ];
  const data = [...(objective === 'likelihood' ? ['y'] : []), ...(objective === 'loss' ? [] : observed)].map(
    (column) => `data ${column}: ${isReal ? 'real' : 'binary'}[2]`,
  );
  const model = ['model {', ...draw(objective === 'likelihood' ? ['y'] : [])];
  const text = {
    elbo: [...model, ...observations, '}', 'guide {', ...draw(observed), '}', 'maximize elbo'],
    likelihood: [...model, ...observations, '}', 'maximize likelihood'],
    loss: [...model, '}', `minimize ${costs.map(loss).join('\n  + ')}`],
  };
  return `${[...data, ...parameters, ...text[objective]].join('\n')}\n`;

  /** Not quadratic in any unit, and no sum over the sites. */
  function loss(names: readonly string[], index: number): string {
    const sum = readAll(names).join(' + ');
    const product = readAll(names).map((value) => `(1.3 + ${value})`);
    const factors = [
      index === 0 ? `exp(0.8 * (${sum}))` : `2 * tanh(${sum})`,
      ...product,
      ...(trainedCost ? [`(1 + t * (${sum}) ^ 2)`] : []),
      ...(shared ? ['u'] : []),
    ];
    return factors.join(' * ');
  }
}

function concat(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : `concat(${names.join(', ')})`;
}

function list(values: readonly number[], count: number): string {
  return `[${values.slice(0, count).join(', ')}]`;
}
