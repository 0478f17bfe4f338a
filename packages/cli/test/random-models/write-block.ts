/** The model or the guide: the sites of the structure with random parameters, `let`s and observations between them. */
import { servesOrdered } from './estimators.js';
import { LATENTS, OBSERVABLES, parametersIn, type LatentName } from './distributions.js';
import { withNames, withoutSummed, type PlateVariable, type Region } from './region.js';
import type { LatentSpec, Node } from './structure.js';
import { combine, type Named, type Shape, type Written } from './value.js';
import { writeExpression } from './write-expression.js';

export interface BlockOptions {
  readonly role: 'model' | 'guide';
  /** Whether the latents are drawn here, and `via` has its place. */
  readonly draws: boolean;
  readonly observes: boolean;
  /** The estimator of the file, as after `estimator`. */
  readonly estimator: string | undefined;
}

/** A site as it is seen from the plates that are open around it. */
export interface Site {
  readonly name: string;
  /** Of a member of a family. */
  readonly index: string | undefined;
  /** Sizes of plates that are closed, and the shape of an element. */
  readonly shape: readonly number[];
  readonly element: Named['element'];
  readonly drawn: boolean;
  readonly summed: boolean;
}

interface WrittenBlock {
  readonly lines: readonly string[];
  readonly sites: readonly Site[];
}

/** How deep expressions are nested. */
const DEPTH = 3;

export function writeBlock(nodes: readonly Node[], region: Region, options: BlockOptions): WrittenBlock {
  const { choices } = region.file;
  const lines: string[] = [];
  const sites: Site[] = [];
  let current = region;
  const add = (written: WrittenBlock): void => {
    lines.push(...written.lines);
    sites.push(...written.sites);
    current = withNames(
      current,
      written.sites.map((site) => asNamed(site, region.plates)),
    );
  };
  const remark = (): void => {
    if (!choices.chance(25)) return;
    const shape = choices.pick([[], [2], [3], [2, 2], [1], [2, 3]]);
    const value = writeExpression(current, shape, DEPTH);
    const name = region.file.fresh('t');
    lines.push(`let ${name} = ${value.text}`);
    current = withNames(current, [{ ...value, text: name, shape, element: 'real' }]);
  };
  for (const node of nodes) {
    remark();
    add(node.kind === 'site' ? writeSites(node.spec, current, options) : writePlate(node, current, options));
    if (options.observes && choices.chance(20)) add(observe(current));
  }
  remark();
  // A cost depends on every site that is summed out, and a site that one depends on is not left without.
  const isNeeded = region.plates.length === 0 || sites.some(({ summed }) => summed) || choices.chance(60);
  if (options.observes && isNeeded) add(observe(current, readSummed(sites, region.plates)));
  return { lines, sites };
}

/** A number of each site that is summed out. */
export function readSummed(sites: readonly Site[], plates: readonly PlateVariable[]): readonly Written[] {
  return sites
    .filter(({ summed }) => summed)
    .map((site) => {
      const named = asNamed(site, plates);
      return combine(`0.3 * ${reduceAll(named)}`, 1, named);
    });
}

/** Where each element counts: the classes of a one-hot value sum to 1. */
function reduceAll({ text, shape, element }: Named): string {
  if (shape.length === 0) return text;
  return element === 'onehot' ? `sum(cumsum(${text}))` : `sum(${text})`;
}

/** Of a site whose last indices are the variables of open plates. */
function asNamed({ name, index, shape, element, drawn, summed }: Site, plates: readonly PlateVariable[]): Named {
  const indices = [...(index === undefined ? [] : [index]), ...plates.map((plate) => plate.name)];
  const text = indices.length === 0 ? name : `${name}[${indices.join(', ')}]`;
  const size = element === 'real' || element === 'count' ? 3 : 1;
  return { text, shape, element, size, drawn, summed, plates: plates.map((plate) => plate.name) };
}

function writePlate(
  { size, nodes }: Extract<Node, { readonly kind: 'plate' }>,
  region: Region,
  options: BlockOptions,
): WrittenBlock {
  const { choices } = region.file;
  // The guide may go through the sites in another order, and each in a plate of its own.
  const order = options.role === 'guide' && choices.chance(40) ? nodes.toReversed() : nodes;
  const split = options.role === 'guide' && choices.chance(20) ? order.map((node) => [node]) : [order];
  const parts = split.map((part) => inPlate(size, region, (inner) => writeBlock(part, inner, options)));
  return { lines: parts.flatMap(({ lines }) => lines), sites: parts.flatMap(({ sites }) => sites) };
}

/** What is summed out is of no use outside of its plate: elements would be summed out together. */
function inPlate(size: number, region: Region, write: (inner: Region) => WrittenBlock): WrittenBlock {
  const name = region.file.fresh('i');
  const { lines, sites } = write({ ...region, plates: [...region.plates, { name, size }] });
  return {
    lines: [`plate ${name} in ${region.file.writeDim(size)} {`, ...indent(lines), '}'],
    sites: sites.filter(({ summed }) => !summed).map((site) => ({ ...site, shape: [size, ...site.shape] })),
  };
}

function writeSites(spec: LatentSpec, region: Region, options: BlockOptions): WrittenBlock {
  const { last } = spec;
  if (last === undefined) return writeSite(spec, undefined, region, options);
  const { file } = region;
  const isReversed = options.role === 'guide' && file.choices.chance(50);
  const first = member(spec, String(isReversed ? last : 0), region, options);
  const variable = file.fresh('l');
  const [low, high] = isReversed ? [0, last - 1] : [1, last];
  const before = `${variable} ${isReversed ? '+' : '-'} 1`;
  const inside: Region = withNames(
    { ...region, integers: [...region.integers, { name: variable, low, high }] },
    first.sites.map((site) => asNamed({ ...site, index: before }, region.plates)),
  );
  const rest = member(spec, variable, inside, options);
  const range = isReversed ? `${file.writeDim(high)}..${low}` : `${low}..${file.writeDim(high)}`;
  const members = first.sites.flatMap((site) =>
    Array.from({ length: last + 1 }, (_, index): Site => ({ ...site, index: String(index) })),
  );
  return { lines: [...first.lines, `for ${variable} in ${range} {`, ...indent(rest.lines), '}'], sites: members };
}

/** One member of a family, in a plate where the family has one. */
function member(spec: LatentSpec, index: string, region: Region, options: BlockOptions): WrittenBlock {
  const { inner } = spec;
  if (inner === undefined) return writeSite(spec, index, region, options);
  return inPlate(inner, region, (inside) => writeSite(spec, index, inside, options));
}

const ELEMENTS: Readonly<Record<LatentName, Named['element']>> = {
  bernoulli: 'binary',
  categorical: 'onehot',
  binomial: 'count',
  poisson: 'count',
  geometric: 'count',
};

function writeSite(
  spec: LatentSpec,
  index: string | undefined,
  region: Region,
  { role, draws, estimator }: BlockOptions,
): WrittenBlock {
  const { file } = region;
  const { name, shape, distribution, summed } = spec;
  const site: Site = { name, index, shape, element: ELEMENTS[distribution], drawn: true, summed };
  const from = draws && !summed ? withoutSummed(region) : region;
  const draw = LATENTS[role === 'guide' ? spec.guide : distribution];
  const target = asNamed(site, region.plates).text;
  const isServed = !draws || summed || servesOrdered(spec.via?.text ?? estimator);
  const reads = isServed && canRead(site, region) && file.choices.chance(40) ? [readBefore(target, shape)] : [];
  const { text } = draw(parametersIn(from, DEPTH, reads), shape);
  const type = reads.length > 0 || file.choices.chance(10) ? `: ${file.writeType(site.element, shape)}` : '';
  const via = !draws ? '' : summed ? ' via enumerate' : spec.via === undefined ? '' : ` via ${spec.via.text}`;
  return { lines: [`${target}${type} ~ ${text}${via}`], sites: [site] };
}

/** Elements in a row can depend on those before them. */
function canRead({ shape, element }: Site, { layers }: Region): boolean {
  return layers && element !== 'onehot' && shape.length === 1 && shape[0] !== 1;
}

/** What elements of a site make of those before them. */
function readBefore(site: string, shape: readonly number[]): Written {
  return combine(`masked_dense(${site}, ${shape.join(', ')})`, 3);
}

const DATA_SHAPES: readonly [readonly number[], ...(readonly number[])[]] = [[2], [], [3], [1], [2, 2], [1, 3]];

/** New data on the left of a `~`. */
function observe(region: Region, read: readonly Written[] = []): WrittenBlock {
  const { file, plates } = region;
  const observable = file.choices.pickAny(OBSERVABLES);
  if (observable === undefined) return { lines: [], sites: [] };
  const { element, draw, isVector = false } = observable;
  const picked = file.choices.pick(DATA_SHAPES);
  const shape = element === 'onehot' && picked.length === 0 ? [2] : picked;
  const name = file.fresh('x');
  const site: Site = { name, index: undefined, shape, element, drawn: false, summed: false };
  const target = asNamed(site, plates).text;
  const before = !isVector && canRead(site, region) && file.choices.chance(15) ? [readBefore(target, shape)] : [];
  const { text } = draw(parametersIn(region, DEPTH, [...read, ...before]), shape);
  declareData(region, name, element, [...plates.map(({ size }) => size), ...shape]);
  return { lines: [`${target} ~ ${text}`], sites: [site] };
}

export function declareData({ file }: Region, name: string, element: Named['element'], shape: Shape): Named {
  const size = element === 'real' || element === 'count' ? 3 : 1;
  const data: Named = { text: name, shape, element, size, drawn: false, summed: false, plates: [] };
  file.declarations.push(`data ${name}: ${file.writeType(element, shape)}`);
  file.data.push(data);
  return data;
}

export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

export { asNamed };
