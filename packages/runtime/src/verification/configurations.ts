/** All values that a model's latent sites can take together, for sizes at which they can be counted out. */
import type { ElementKind, SiteInfo } from '@sbn/program';
import { SettingsError } from '../errors.js';

/** More configurations than this are refused: they would take minutes, and gigabytes. */
export const MOST_CONFIGURATIONS = 1 << 18;

/** One column per latent site: `count × size` values, row-major, one row per configuration. */
export interface Configurations {
  readonly count: number;
  readonly values: ReadonlyMap<string, Float64Array>;
}

/** How many values a site's support has. @throws SettingsError for an infinite support. */
export function countSupport(site: SiteInfo): number {
  const size = product(site.shape);
  const { element } = site;
  if (element.kind === 'binary') return 2 ** size;
  if (element.kind === 'onehot') return element.classes ** (size / element.classes);
  throw new SettingsError('verify', `site ${site.id} has values of kind ${element.kind}, which cannot be enumerated`);
}

/**
 * How many values the latent sites can take together; Infinity beyond 2^1024.
 * @throws SettingsError for an infinite support.
 */
export function countConfigurations(sites: readonly SiteInfo[]): number {
  return latentSites(sites).reduce((total, site) => total * countSupport(site), 1);
}

/** `1024 configurations (h1 32 × h2 32)`, with powers of two for what is large. */
export function describeConfigurations(sites: readonly SiteInfo[]): string {
  const latents = latentSites(sites);
  const each = latents.map((site) => `${site.id} ${describeCount(countSupport(site))}`).join(' × ');
  return `${describeCount(countConfigurations(sites))} configurations${latents.length > 1 ? ` (${each})` : ''}`;
}

function describeCount(count: number): string {
  if (count === Infinity) return 'more than 2^1023';
  return count < 1e6 ? String(count) : `2^${String(Math.round(Math.log2(count)))}`;
}

function latentSites(sites: readonly SiteInfo[]): readonly SiteInfo[] {
  return sites.filter(({ role }) => role === 'latent');
}

/** @throws SettingsError when there are too many, naming the sites. */
export function enumerateConfigurations(sites: readonly SiteInfo[]): Configurations {
  const latents = latentSites(sites);
  const count = countConfigurations(sites);
  if (count > MOST_CONFIGURATIONS) {
    throw new SettingsError(
      'verify',
      `${describeConfigurations(sites)} are too many to be counted out`,
      'make the constants smaller',
    );
  }
  const values = new Map<string, Float64Array>();
  let stride = 1;
  for (const site of latents) {
    const support = countSupport(site);
    const size = product(site.shape);
    const column = new Float64Array(count * size);
    for (let row = 0; row < count; row += 1) {
      writeValue(column, row * size, size, site.element, Math.floor(row / stride) % support);
    }
    values.set(site.id, column);
    stride *= support;
  }
  return { count, values };
}

/** Writes the `index`-th value of the support: its digits in base 2, or in base `classes`, one per unit. */
function writeValue(target: Float64Array, start: number, size: number, element: ElementKind, index: number): void {
  let rest = index;
  if (element.kind === 'onehot') {
    for (let group = 0; group < size; group += element.classes) {
      target[start + group + (rest % element.classes)] = 1;
      rest = Math.floor(rest / element.classes);
    }
    return;
  }
  for (let unit = 0; unit < size; unit += 1) {
    target[start + unit] = rest % 2;
    rest = Math.floor(rest / 2);
  }
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1);
}
