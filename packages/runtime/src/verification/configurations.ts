/** All values that a model's latent sites can take together, for sizes at which they can be counted out. */
import {
  assertNever,
  trainedShape,
  type Artifact,
  type DrawInfo,
  type ElementKind,
  type Program,
  type SiteInfo,
} from '@sbn/program';
import { SettingsError } from '../errors.js';
import { gaussLegendre } from './gauss-legendre.js';

/** More configurations than this are refused: they would take minutes, and gigabytes. */
export const MOST_CONFIGURATIONS = 1 << 18;

/** What a program takes a value of: a latent site, or a further draw. */
export type Variable =
  | {
      readonly kind: 'value';
      readonly id: string;
      readonly element: ElementKind;
      /** Of counts: where they end, or are cut. */
      readonly largest: number | undefined;
      readonly shape: readonly number[];
    }
  /** Uniforms in (0, 1), integrated over by a rule of `nodes` points for each element. */
  | { readonly kind: 'uniform'; readonly id: string; readonly shape: readonly number[]; readonly nodes: number };

/** One column per variable: `count × size` values, row-major, one row per configuration. */
export interface Configurations {
  readonly count: number;
  readonly values: ReadonlyMap<string, Float64Array>;
  /** The weight of each configuration in an integral over uniforms; `undefined` where all are 1. */
  readonly weights: Float64Array | undefined;
}

/** Where counts that do not end are taken to end, for an estimate of how many configurations there will be. */
const USUAL_CUT = 15;

/**
 * How many values a variable's support has. Counts that do not end, and are not cut, are taken to end at 15.
 * @throws SettingsError for real values.
 */
export function countSupport(variable: Variable): number {
  const size = product(variable.shape);
  if (variable.kind === 'uniform') return variable.nodes ** size;
  const { element } = variable;
  return choicesOf(variable) ** (element.kind === 'onehot' ? size / element.classes : size);
}

/** How many values each unit can have: an element, or a one-hot group. */
function choicesOf({ element, id, largest }: Extract<Variable, { readonly kind: 'value' }>): number {
  switch (element.kind) {
    case 'binary':
      return 2;
    case 'onehot':
      return element.classes;
    case 'count':
      return 1 + (largest ?? USUAL_CUT);
    case 'real':
      throw new SettingsError('verify', `site ${id} has real values, which cannot be enumerated`);
    default:
      return assertNever(element);
  }
}

/** The latent sites, one value each. */
export function latentVariables(sites: readonly SiteInfo[]): readonly Variable[] {
  return sites
    .filter(({ role }) => role === 'latent')
    .map((site) => {
      const { id, element, largest } = site;
      return { kind: 'value', id, element, largest, shape: trainedShape(site) };
    });
}

/** Nodes of the rule for all uniforms of a site together. */
const MOST_NODES = 1 << 8;
/** Nodes for one uniform. */
const NODES = { least: 2, most: 12 } as const;

/** The further draws that the estimator of `site` makes. */
export function drawVariables({ sites, draws }: Artifact, site: string): readonly Variable[] {
  const own = draws.filter((draw) => draw.site === site);
  const uniforms = own.filter(({ kind }) => kind === 'uniform').reduce((sum, { shape }) => sum + product(shape), 0);
  const most = Math.floor(MOST_NODES ** (1 / Math.max(1, uniforms)));
  const nodes = Math.min(NODES.most, Math.max(NODES.least, most));
  return own.map((draw) => ({ ...variableOf(draw, sites), id: draw.name, nodes }));
}

function variableOf({ kind, of, shape, name }: DrawInfo, sites: readonly SiteInfo[]): Variable {
  const { element = { kind: 'real' }, largest } = sites.find(({ id }) => id === of) ?? {};
  return kind === 'uniform'
    ? { kind, id: name, shape, nodes: NODES.most }
    : { kind, id: name, element, largest, shape };
}

/** Sites whose estimators draw more than the one value. */
export function drawingSites({ draws }: Artifact): readonly string[] {
  return [...new Set(draws.map(({ site }) => site))];
}

/**
 * How many runs of the estimator a proof takes; Infinity beyond 2^1024. Without further draws that is one for each value that the latent
 * sites can take together. The draws of one site's estimator stand beside all of these; those of two are never combined, as
 * the estimator is a sum in which they do not meet. `sites` are those whose values are counted out.
 * @throws SettingsError for real values.
 */
export function countConfigurations(artifact: Artifact, sites = artifact.sites): number {
  const latents = countTogether(latentVariables(sites));
  const drawing = drawingSites(artifact);
  if (drawing.length === 0) return latents;
  return drawing.reduce((sum, site) => sum + latents * countTogether(drawVariables(artifact, site)), 0);
}

export function countTogether(variables: readonly Variable[]): number {
  return variables.reduce((total, variable) => total * countSupport(variable), 1);
}

/** `1024 configurations (h1 32 × h2 32)`, with powers of two for what is large. */
export function describeConfigurations(artifact: Artifact): string {
  const latents = latentVariables(artifact.sites);
  const each = latents.map((site) => `${site.id} ${describeCount(countSupport(site))}`).join(' × ');
  const drawn = artifact.draws.length === 0 ? '' : `, and ${String(artifact.draws.length)} further draws`;
  const parts = latents.length > 1 || drawn !== '' ? ` (${each}${drawn})` : '';
  return `${describeCount(countConfigurations(artifact))} configurations${parts}`;
}

function describeCount(count: number): string {
  if (count === Infinity) return 'more than 2^1023';
  return count < 1e6 ? String(count) : `2^${String(Math.round(Math.log2(count)))}`;
}

/** @throws SettingsError when the whole proof has too many, naming the sites. */
export function checkConfigurations(artifact: Artifact): void {
  if (countConfigurations(artifact) <= MOST_CONFIGURATIONS) return;
  throw new SettingsError(
    'verify',
    `${describeConfigurations(artifact)} are too many to be counted out`,
    'make the constants smaller',
  );
}

/** Those of the sites whose values the program is given: one that the program sums out by itself has none. */
export function sitesGivenTo({ inputs }: Program, sites: readonly SiteInfo[]): readonly SiteInfo[] {
  const given = new Set(inputs.filter(({ role }) => role === 'latent').map(({ name }) => name));
  return sites.filter(({ id }) => given.has(id));
}

/** Every value that the variables take together; the first one varies fastest. */
export function enumerateConfigurations(variables: readonly Variable[]): Configurations {
  const count = countTogether(variables);
  const values = new Map<string, Float64Array>();
  const hasUniforms = variables.some(({ kind }) => kind === 'uniform');
  const weights = hasUniforms ? new Float64Array(count).fill(1) : undefined;
  let stride = 1;
  for (const variable of variables) {
    const support = countSupport(variable);
    const size = product(variable.shape);
    const column = new Float64Array(count * size);
    const write = writerOf(variable, size);
    for (let row = 0; row < count; row += 1) {
      const weight = write(column, row * size, Math.floor(row / stride) % support);
      if (weights !== undefined) weights[row] = (weights[row] ?? NaN) * weight;
    }
    values.set(variable.id, column);
    stride *= support;
  }
  return { count, values, weights };
}

/** Writes the `index`-th value of a variable, and gives its weight. */
type Writer = (target: Float64Array, start: number, index: number) => number;

/** The digits of the index in the base of a unit's values, or in that of the rule's nodes, one per unit. */
function writerOf(variable: Variable, size: number): Writer {
  if (variable.kind === 'uniform') {
    const rule = gaussLegendre(variable.nodes);
    return (target, start, index) => {
      let rest = index;
      let weight = 1;
      for (let unit = 0; unit < size; unit += 1) {
        const node = rule[rest % rule.length];
        target[start + unit] = node?.at ?? NaN;
        weight *= node?.weight ?? NaN;
        rest = Math.floor(rest / rule.length);
      }
      return weight;
    };
  }
  const { element } = variable;
  const group = element.kind === 'onehot' ? element.classes : 1;
  const base = choicesOf(variable);
  return (target, start, index) => {
    let rest = index;
    for (let unit = 0; unit < size; unit += group) {
      if (element.kind === 'onehot') target[start + unit + (rest % base)] = 1;
      else target[start + unit] = rest % base;
      rest = Math.floor(rest / base);
    }
    return 1;
  };
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1);
}
