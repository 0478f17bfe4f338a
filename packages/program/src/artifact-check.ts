/** Checks that the parts of an artifact agree with one another. */
import { trainedShape, type Artifact, type DataPort } from './artifact.js';
import { ArtifactError } from './errors.js';
import type { Input, InputRole, Output, OutputRole, Program } from './program.js';
import { BATCH, formatShape, sameShape, type Shape } from './shape.js';

/** What the ports of the programs are held against: the shape by name. */
interface Declared {
  readonly parameter: ReadonlyMap<string, Shape>;
  readonly state: ReadonlyMap<string, Shape>;
  readonly data: ReadonlyMap<string, Shape>;
  readonly latent: ReadonlyMap<string, Shape>;
  readonly site: ReadonlyMap<string, Shape>;
}

/**
 * Requires programs that are verified one by one. Ensures that names are unique, and that every
 * port of a program that stands for something declared has its name and shape.
 * @throws ArtifactError with the path of what disagrees.
 */
export function checkArtifact(artifact: Artifact): void {
  checkUnique(artifact.data, ({ name }) => name, '$.data', 'name');
  checkUnique(artifact.parameters, ({ name }) => name, '$.parameters', 'name');
  checkUnique(artifact.state, ({ name }) => name, '$.state', 'name');
  checkUnique(artifact.sites, ({ id }) => id, '$.sites', 'id');
  checkUnique(artifact.draws, ({ name }) => name, '$.draws', 'name');
  checkValues(artifact);
  const rows = (shape: readonly number[]): Shape => [BATCH, ...shape];
  const latents = artifact.sites.filter(({ role }) => role === 'latent');
  const declared: Declared = {
    parameter: new Map(artifact.parameters.map(({ name, shape }) => [name, shape])),
    state: new Map(artifact.state.map(({ name, shape }) => [name, shape])),
    data: new Map(artifact.data.map(({ name, shape }) => [name, rows(shape)])),
    latent: new Map([
      ...latents.map((site) => [site.id, rows(trainedShape(site))] as const),
      ...artifact.draws.map(({ name, shape }) => [name, rows(shape)] as const),
    ]),
    site: new Map(artifact.sites.map(({ id, shape }) => [id, rows(shape)])),
  };
  for (const [name, program] of Object.entries<Program>({ ...artifact.programs })) {
    checkPorts(program, declared, `$.programs.${name}`);
  }
}

function checkUnique<T>(items: readonly T[], keyOf: (item: T) => string, path: string, field: string): void {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const first = seen.get(key);
    if (first !== undefined) {
      throw new ArtifactError(
        `${JSON.stringify(key)} is the ${field} of ${path}[${String(first)}] too`,
        `${path}[${String(index)}].${field}`,
      );
    }
    seen.set(key, index);
  }
}

function checkValues({ data, sites, draws, parameters }: Artifact): void {
  for (const [index, port] of data.entries()) {
    checkSupport(port, `$.data[${String(index)}]`);
    checkRange(port, `$.data[${String(index)}]`);
  }
  for (const [index, site] of sites.entries()) checkSupport(site, `$.sites[${String(index)}]`);
  for (const [index, { site, of, shape }] of draws.entries()) {
    const path = `$.draws[${String(index)}]`;
    const target = sites.find(({ id, role }) => id === of && role === 'latent');
    if (!sites.some(({ id }) => id === site)) throw new ArtifactError(`there is no site ${JSON.stringify(site)}`, path);
    if (target === undefined) throw new ArtifactError(`there is no latent site ${JSON.stringify(of)}`, path);
    const expected = trainedShape(target);
    if (!sameShape(expected, shape))
      throw new ArtifactError(`its shape ${formatShape(shape)} is not ${formatShape(expected)}, that of ${of}`, path);
  }
  for (const [index, { initializer }] of parameters.entries()) {
    if (initializer.kind === 'uniform' && initializer.low > initializer.high) {
      const message = `low = ${String(initializer.low)} is above high = ${String(initializer.high)}`;
      throw new ArtifactError(message, `$.parameters[${String(index)}].initializer`);
    }
  }
}

/** Counts alone have a largest value; a one-hot value ends in an axis of its classes. */
function checkSupport(
  { element, largest, shape }: Pick<DataPort, 'element' | 'largest' | 'shape'>,
  path: string,
): void {
  if (largest !== undefined && element.kind !== 'count') {
    throw new ArtifactError(`${element.kind} values have no largest, but it is ${String(largest)}`, `${path}.largest`);
  }
  if (element.kind !== 'onehot' || shape.at(-1) === element.classes) return;
  const classes = String(element.classes);
  throw new ArtifactError(
    `${formatShape(shape)} does not end in the ${classes} classes of the one-hot value`,
    `${path}.shape`,
  );
}

/** Real numbers lie in an interval; counts have a total, on an axis of classes. */
function checkRange({ element, largest, range, shape }: DataPort, path: string): void {
  if (range === 'any') return;
  const kind = range === 'total' ? 'count' : 'real';
  const isWhole = range !== 'total' || (largest !== undefined && shape.length > 0);
  if (kind === element.kind && isWhole) return;
  const described = `${element.kind} values of shape ${formatShape(shape)}`;
  throw new ArtifactError(`${described} cannot have the range ${range}`, `${path}.range`);
}

/** What an input stands for; `undefined` for what is not declared anywhere. */
const INPUT_TARGETS: Readonly<Record<InputRole, keyof Declared | undefined>> = {
  parameter: 'parameter',
  state: 'state',
  data: 'data',
  latent: 'latent',
  noise: undefined,
  weight: undefined,
  hyper: undefined,
};

/** What an output stands for; `undefined` for what is not declared anywhere. */
const OUTPUT_TARGETS: Readonly<Record<OutputRole, keyof Declared | undefined>> = {
  gradient: 'parameter',
  parameter: 'parameter',
  state: 'state',
  sample: 'site',
  mean: 'site',
  parameter_sum: undefined,
  loss: undefined,
  term: undefined,
  signal_mean: undefined,
  signal_square: undefined,
  log_weight: undefined,
  log_probability: undefined,
  cost: undefined,
  site_gradient: undefined,
  site_score: undefined,
  site_cost: undefined,
};

function checkPorts(program: Program, declared: Declared, path: string): void {
  const shapes = new Map<number, Shape>();
  for (const { id, shape } of [...program.inputs, ...program.instructions]) shapes.set(id, shape);
  const check = (target: keyof Declared | undefined, port: Input | Output, direction: string, id: number): void => {
    if (target === undefined) return;
    const words = `${direction} ${port.role} ${JSON.stringify(port.name)}`;
    const expected = declared[target].get(port.name);
    const found = shapes.get(id);
    if (expected === undefined) throw new ArtifactError(`${words} is not the name of a declared ${target}`, path);
    if (found !== undefined && sameShape(expected, found)) return;
    const actual = found === undefined ? 'missing' : formatShape(found);
    throw new ArtifactError(`${words} has shape ${actual}, but the ${target} has ${formatShape(expected)}`, path);
  };
  for (const input of program.inputs) check(INPUT_TARGETS[input.role], input, 'input', input.id);
  for (const output of program.outputs) check(OUTPUT_TARGETS[output.role], output, 'output', output.value);
}
