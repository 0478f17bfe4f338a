/** The values that a discrete site can take, counted out; and those that several sites can take together. */
import { assertNever } from '@sbn/program';
import type { GraphSite } from '../stochastic-graph.js';

/** The number of a value for each of several sites. */
export type Assignment = ReadonlyMap<string, number>;

/** What the value of one element is made of: `count` independent choices out of `base`. */
interface Choices {
  readonly base: number;
  readonly count: number;
}

/** `undefined` for an infinite support. */
function choicesOf({ typed, elementShape }: GraphSite): Choices | undefined {
  const { largest } = typed;
  const { element } = typed.type;
  const size = elementShape.reduce((product, length) => product * length, 1);
  switch (element.kind) {
    case 'binary':
      return { base: 2, count: size };
    case 'onehot':
      return { base: element.classes, count: size / element.classes };
    case 'count':
      return largest === undefined ? undefined : { base: largest + 1, count: size };
    case 'real':
      return undefined;
    default:
      return assertNever(element);
  }
}

export function hasFiniteSupport(site: GraphSite): boolean {
  return choicesOf(site) !== undefined;
}

/** How many values the sites can take together; Infinity beyond 2^1023, and for an infinite support. */
export function countValues(...sites: readonly GraphSite[]): number {
  return sites.reduce((product, site) => {
    const choices = choicesOf(site);
    return product * (choices === undefined ? Infinity : choices.base ** choices.count);
  }, 1);
}

/** `12`, `10^200`, or `about 10^37`. */
export function describeCount(...sites: readonly GraphSite[]): string {
  const count = countValues(...sites);
  if (count < 1e6) return String(count);
  const choices = sites.flatMap((site) => choicesOf(site) ?? []);
  const bases = new Set(choices.map(({ base }) => base));
  const [base] = bases;
  if (bases.size === 1) return `${String(base)}^${String(choices.reduce((sum, each) => sum + each.count, 0))}`;
  const digits = choices.reduce((sum, each) => sum + each.count * Math.log10(each.base), 0);
  return `about 10^${String(Math.round(digits))}`;
}

/** A value of one element, row-major, by its number, whose digits choose: in base 2, `classes`, or `largest` + 1. */
export function valueAt(site: GraphSite, index: number): readonly number[] {
  const { base, count } = choicesOf(site) ?? { base: 1, count: 0 };
  const isOneHot = site.typed.type.element.kind === 'onehot';
  let rest = index;
  return Array.from({ length: count }, () => {
    const digit = rest % base;
    rest = Math.floor(rest / base);
    return isOneHot ? Array.from({ length: base }, (_, place) => (place === digit ? 1 : 0)) : [digit];
  }).flat();
}

/** All that the sites can take together; the first site's number runs fastest. */
export function assignmentsOf(sites: readonly GraphSite[]): readonly Assignment[] {
  return Array.from({ length: countValues(...sites) }, (_, index) => {
    let rest = index;
    return new Map(
      sites.map((site) => {
        const values = countValues(site);
        const own = rest % values;
        rest = Math.floor(rest / values);
        return [site.id, own];
      }),
    );
  });
}
