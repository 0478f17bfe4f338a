/** Long families of sites, `h[1]` to `h[1000]`, as one node each. */
import type { TypedSite } from '../typed-model.js';

/** A family of more members than this is one node. */
export const MOST_DRAWN_MEMBERS = 12;

/** Sites that are drawn as one node, in the order of the model. */
export interface SiteGroup {
  readonly label: string;
  readonly sites: readonly [TypedSite, ...TypedSite[]];
}

/** In the order of the first site of each. */
export function groupFamilies(sites: readonly TypedSite[]): readonly SiteGroup[] {
  const families = new Map<string, [TypedSite, ...TypedSite[]]>();
  for (const site of sites) {
    const members = families.get(familyOf(site));
    if (members === undefined) families.set(familyOf(site), [site]);
    else members.push(site);
  }
  return [...families].flatMap(([name, members]): readonly SiteGroup[] => {
    if (members.length > MOST_DRAWN_MEMBERS) {
      return [{ label: `${name}[${describeIndices(members)}]`, sites: members }];
    }
    return members.map((site) => ({ label: site.id, sites: [site] }));
  });
}

function familyOf({ id }: TypedSite): string {
  return id.replace(/\[.*$/, '');
}

/** `1..1000`, or `1..3, 0..9` for two indices: the smallest and the largest on each axis. */
function describeIndices(sites: readonly TypedSite[]): string {
  const indices = sites.map(({ id }) => (/\[(.*)\]$/.exec(id)?.[1] ?? '').split(',').map(Number));
  const axes = Array.from({ length: Math.max(...indices.map(({ length }) => length)) }, (_, axis) =>
    indices.flatMap((index) => index[axis] ?? []),
  );
  return axes
    .map((values) => `${values.reduce((a, b) => Math.min(a, b))}..${values.reduce((a, b) => Math.max(a, b))}`)
    .join(', ');
}
