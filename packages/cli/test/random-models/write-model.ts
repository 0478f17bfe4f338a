/** Random well-typed model files. */
import { Choices } from './choices.js';
import { planEstimators, type EstimatorPlan } from './estimators.js';
import { RandomFile, type Region } from './region.js';
import { StructureWriter, type LatentSpec, type Node } from './structure.js';
import { limit, type Named, type Written } from './value.js';
import { asNamed, declareData, indent, readSummed, writeBlock } from './write-block.js';
import { writeExpression } from './write-expression.js';
import { writeFunctions } from './write-functions.js';

export interface RandomModel {
  readonly text: string;
  /** What the compiler must say of the gradient of each latent that a cost depends on, by the name in front of indices. */
  readonly verdicts: ReadonlyMap<string, 'exact' | 'unbiased' | 'biased'>;
  /** Whether some sites are summed out inside of a logarithm, which makes the objective another one. */
  readonly sumsInside: boolean;
}

/** Configurations that are counted out in a moment. */
const MOST = { drawnOnce: 220, drawnAgain: 16 } as const;

type Objective = 'likelihood' | 'elbo' | 'cost' | 'iwae';

export function writeModel(numbers: readonly number[]): RandomModel {
  const choices = new Choices(numbers);
  const file = new RandomFile(choices);
  const objective = choices.pick<Objective>(['likelihood', 'elbo', 'cost', 'iwae', 'elbo', 'likelihood', 'cost']);
  const plan = planEstimators(choices);
  const draws = objective === 'iwae' ? choices.between(2, 3) : 1;
  const isGuided = objective === 'elbo' || (objective === 'iwae' && choices.chance(50));
  writeConstants(file);

  const nodes = writeStructure(file, plan, objective, draws);
  const specs = listSpecs(nodes);
  const given = writeGiven(file, plan);
  writeFunctions(file);
  const model = writeBlock(nodes, given, {
    role: 'model',
    draws: !isGuided,
    observes: objective !== 'cost',
    estimator: plan.file?.text,
  });
  const blocks = [block('model', model.lines)];
  if (isGuided) {
    const region = { ...given, names: file.data };
    const order = choices.chance(40) ? nodes.toReversed() : nodes;
    blocks.push(
      block(
        'guide',
        writeBlock(order, region, { role: 'guide', draws: true, observes: false, estimator: plan.file?.text }).lines,
      ),
    );
  }
  const sites = model.sites.map((site) => asNamed(site, []));
  const wanted = {
    likelihood: 'maximize likelihood',
    elbo: 'maximize elbo',
    iwae: `maximize iwae(${draws})`,
    cost:
      objective === 'cost'
        ? writeCost({ ...given, names: [...given.names, ...sites] }, readSummed(model.sites, []))
        : '',
  }[objective];
  const all = [...file.declarations, ...blocks, wanted, ...writeEstimator(plan)];
  return {
    text: `${all.join('\n')}\n`,
    verdicts: new Map(specs.map((spec) => [spec.name, verdictOf(spec, plan)])),
    sumsInside: objective === 'likelihood' && specs.some(({ summed }) => summed),
  };
}

function writeConstants(file: RandomFile): void {
  const count = file.choices.between(0, 2);
  for (let index = 0; index < count; index += 1) {
    const name = file.fresh('N');
    const before = file.constants.at(-1);
    const value = file.choices.between(1, 3);
    const isSum = before !== undefined && file.choices.chance(50);
    file.declarations.push(`const ${name} = ${isSum ? `${before.name} + 1` : value}`);
    const number = isSum ? before.low + 1 : value;
    file.constants.push({ name, low: number, high: number });
  }
}

function writeStructure(file: RandomFile, plan: EstimatorPlan, objective: Objective, draws: number): readonly Node[] {
  const { choices } = file;
  const most = plan.drawsAgain ? MOST.drawnAgain : MOST.drawnOnce;
  // Inside of a logarithm, sums over sites of different plates do not go together; a cost takes the elements of a plate together.
  const level = objective === 'cost' ? 0 : choices.between(0, 1);
  const canSum = (plates: number): boolean => objective === 'elbo' || plates === level;
  const structure = new StructureWriter({
    choices,
    fresh: (prefix) => file.fresh(prefix),
    most: Math.floor(most ** (1 / draws)),
    distributions: plan.distributions,
    via: plan.via,
    sums: (plates, distribution) =>
      plan.sums && objective !== 'iwae' && distribution !== 'poisson' && canSum(plates) && choices.chance(70),
  });
  return structure.write();
}

function listSpecs(nodes: readonly Node[]): readonly LatentSpec[] {
  return nodes.flatMap((node) => (node.kind === 'site' ? [node.spec] : listSpecs(node.nodes)));
}

/** What everything is written with: data that are given. */
function writeGiven(file: RandomFile, plan: EstimatorPlan): Region {
  const { choices } = file;
  const region: Region = {
    file,
    names: [],
    plates: [],
    integers: [],
    layers: true,
    global: true,
    comparesDraws: plan.comparesDraws,
    inFunction: false,
  };
  const count = choices.between(0, 2);
  const names = Array.from({ length: count }, () => {
    const element = choices.pick<Named['element']>(['real', 'binary', 'count', 'onehot']);
    const shape = choices.pick([[2], [3], [2, 2], [3, 1], [2, 3]]);
    return declareData(region, file.fresh('y'), element, shape);
  });
  return { ...region, names };
}

function block(role: 'model' | 'guide', lines: readonly string[]): string {
  return [`${role} {`, ...indent(lines), '}'].join('\n');
}

/** A sum of terms, of which the first is trained whatever becomes of it. */
function writeCost(region: Region, read: readonly Written[]): string {
  const { file } = region;
  const count = file.choices.between(1, 3);
  const random = Array.from({ length: count }, () => limit(writeExpression(region, [], 4), 20).text);
  const terms = [...random, ...read.map(({ text }) => text)];
  const [first = '1', ...rest] = terms;
  const trained = `${file.parameter([]).text} * (${first})`;
  const sum = rest.reduce((text, term) => `${text} ${file.choices.pick(['+', '-'])} (${term})`, trained);
  return `${file.choices.pick(['minimize', 'maximize'])} ${sum}`;
}

function writeEstimator({ file }: EstimatorPlan): readonly string[] {
  return file === undefined ? [] : [`estimator ${file.text}`];
}

function verdictOf({ summed, via }: LatentSpec, { file }: EstimatorPlan): 'exact' | 'unbiased' | 'biased' {
  return summed ? 'exact' : ((via ?? file)?.verdict ?? 'unbiased');
}
