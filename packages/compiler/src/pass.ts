/**
 * A pass through the model: the forward program emitted with something in the place of each latent
 * value. Where a value does not change from another pass, that pass's value is used.
 */
import { assertNever, BATCH, InternalError, type Instruction, type ProgramBuilder, type ValueId } from '@sbn/program';
import { leadOf } from './elements.js';
import { DISTRIBUTIONS } from './distributions/index.js';
import { withArgs } from './emit-with-args.js';
import { drawInOrder, meanGiven, relaxInOrder } from './order/ordered-values.js';
import { findSite, type GraphSite, type StochasticGraph } from './stochastic-graph.js';

/** What stands for a latent value in a pass. */
export type LatentRule =
  | /** an input of role `latent`, of the site's name or another */ { readonly kind: 'given'; readonly input?: string }
    /** a draw from the site's distribution at this pass's parents, with noise of the site's name or another */
  | { readonly kind: 'sampled'; readonly noise?: string }
  /** the site's mean at this pass's parents */
  | { readonly kind: 'mean' }
  /** the value of the base pass, with the derivative of the mean: straight-through */
  | { readonly kind: 'straight' }
  /** the value that it has in the base pass */
  | { readonly kind: 'base' }
  /** a value of the program that was made for it */
  | { readonly kind: 'value'; readonly value: ValueId };

export interface Pass {
  /** The value that stands in this pass for a value of the forward program. */
  readonly valueOf: (forward: ValueId) => ValueId;
  /** The value of a latent site in this pass. */
  readonly latent: (id: string) => ValueId;
  /**
   * What to differentiate by for the total derivative by a latent site's value: the value itself, a value of its own where it is a
   * mean. Where the mean of a unit depends on those of earlier ones, a change of each unit of zero.
   */
  readonly lever: (id: string) => ValueId;
}

/**
 * Emits a pass named `origin`. `ruleOf` decides for each latent site; `base` is needed for the rule
 * `base`, and is used for every value that the other rules do not touch. `others` are the sites whose rule is not `base`, in the order
 * of the graph, where they are known: a pass of a few sites of a long model need not ask for all.
 */
export function emitPass(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  origin: string,
  ruleOf: (site: GraphSite) => LatentRule,
  base?: Pass,
  others?: readonly string[],
): Pass {
  const { forward } = graph;
  const values = new Map<ValueId, ValueId>();
  const latents = new Map<string, LatentValue>();
  const changed = new Map<ValueId, GraphSite>();
  for (const site of others?.map((id) => findSite(graph, id)) ?? graph.sites) {
    // Inputs stand first, so that a value's number is its place. A site that is observed can be drawn too.
    if (forward.inputs[site.value]?.role !== 'latent') continue;
    if (base === undefined || ruleOf(site).kind !== 'base') changed.set(site.value, site);
  }
  const affected = base === undefined ? forward.instructions : affectedBy(graph, [...changed.values()]);
  const own = base === undefined ? undefined : new Set([...changed.keys(), ...affected.map(({ id }) => id)]);
  const valueOf = (id: ValueId): ValueId => {
    const found = values.get(id);
    if (found !== undefined) return found;
    if (base === undefined || own?.has(id) === true) {
      throw new InternalError(`pass ${origin} reads %${String(id)} before it is emitted`);
    }
    return base.valueOf(id);
  };

  // A latent's value is emitted where it is first used: its site's parameters stand before that.
  const resolveSite = (site: GraphSite): LatentValue => {
    const known = latents.get(site.id);
    if (known !== undefined) return known;
    const rule = ruleOf(site);
    const value = builder.within(origin === '' ? site.id : `${site.id}.${origin}`, () =>
      site.order === undefined
        ? asLever(emitLatent(builder, site, rule, resolve, base))
        : emitOrdered(builder, graph, site, rule, demand, base),
    );
    latents.set(site.id, value);
    return value;
  };
  const resolveLatent = (name: string): LatentValue => {
    const known = latents.get(name);
    if (known !== undefined) return known;
    return resolveSite(findSite(graph, name));
  };

  if (base === undefined) {
    for (const { id, role, name, shape } of forward.inputs) {
      if (role !== 'latent') values.set(id, builder.input(role, name, shape));
    }
  }
  const ensure = (id: ValueId): void => {
    const site = changed.get(id);
    if (site !== undefined && !values.has(id)) values.set(id, resolveSite(site).value);
  };
  // What a site is drawn from can be the value of another as it stands.
  const resolve = (id: ValueId): ValueId => {
    ensure(id);
    return valueOf(id);
  };

  const labelOf = createLabels(origin);
  const emitInstruction = (instruction: Instruction): void => {
    // What stands for a value has its shape, so that what is computed of it has too: nothing is inferred again.
    const draft = withArgs(instruction, instruction.args.map(valueOf));
    values.set(
      instruction.id,
      builder.within(labelOf(instruction), () => builder.put(draft)),
    );
  };
  // What a site that reads itself needs can stand behind the first use of its value.
  const demand = (id: ValueId): ValueId => {
    const instruction = forward.instructions[id - forward.inputs.length];
    const isAhead = instruction !== undefined && !values.has(id) && (own === undefined || own.has(id));
    if (!isAhead) return resolve(id);
    instruction.args.forEach(demand);
    emitInstruction(instruction);
    return valueOf(id);
  };

  for (const instruction of affected) {
    instruction.args.forEach(ensure);
    if (!values.has(instruction.id)) emitInstruction(instruction);
  }
  for (const id of changed.keys()) ensure(id);
  return {
    valueOf,
    latent: (name) => resolveLatent(name).value,
    lever: (name) => resolveLatent(name).lever,
  };
}

/** `h1.trunk`: one text for instructions of one origin, which stand together. */
function createLabels(pass: string): (instruction: Instruction) => string {
  let [last, label]: [string | undefined, string] = [undefined, pass];
  return ({ origin }) => {
    if (origin === last) return label;
    last = origin;
    label = origin === undefined || origin === '' ? pass : pass === '' ? origin : `${origin}.${pass}`;
    return label;
  };
}

/** The value of a latent site, and what to differentiate by for it. */
export interface LatentValue {
  readonly value: ValueId;
  readonly lever: ValueId;
}

const asLever = (value: ValueId): LatentValue => ({ value, lever: value });

/** The instructions of the forward program that have another value where those of `sites` are changed, in order. */
function affectedBy({ dependents }: StochasticGraph, sites: readonly GraphSite[]): readonly Instruction[] {
  const [first, ...others] = sites.map(({ id }) => dependents.get(id) ?? []);
  if (first === undefined || others.length === 0) return first ?? [];
  return [...new Set([first, ...others].flat())].sort((a, b) => a.id - b.id);
}

function emitLatent(
  builder: ProgramBuilder,
  site: GraphSite,
  rule: LatentRule,
  valueOf: (forward: ValueId) => ValueId,
  base: Pass | undefined,
): ValueId {
  const port = [BATCH, ...site.shape];
  const shape = [leadOf(site), ...site.elementShape];
  switch (rule.kind) {
    case 'given':
      return builder.reshape(builder.input('latent', rule.input ?? site.id, port), shape);
    case 'mean':
      return builder.emit('identity', [valueOf(site.mean)], {});
    case 'sampled': {
      const parameters = Object.fromEntries(Object.entries(site.parameters).map(([name, id]) => [name, valueOf(id)]));
      const noise = builder.reshape(builder.input('noise', rule.noise ?? site.id, port), shape);
      return DISTRIBUTIONS[site.distribution].sample(builder, parameters, noise, shape);
    }
    case 'straight': {
      const mean = valueOf(site.mean);
      const rest = builder.subtract(baseLatent(base, site), mean);
      return builder.add(mean, builder.emit('stop_gradient', [rest], {}));
    }
    case 'base':
      return baseLatent(base, site);
    case 'value':
      return rule.value;
    default:
      return assertNever(rule);
  }
}

/** The same for a site whose units depend on earlier ones; `valueOf` is not asked for what depends on the site's own value. */
function emitOrdered(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  site: GraphSite,
  rule: LatentRule,
  valueOf: (forward: ValueId) => ValueId,
  base: Pass | undefined,
): LatentValue {
  switch (rule.kind) {
    case 'sampled': {
      const noise = builder.input('noise', rule.noise ?? site.id, [BATCH, ...site.shape]);
      return asLever(drawInOrder(builder, graph, site, noise, valueOf));
    }
    case 'mean':
      return relaxInOrder(builder, graph, site, valueOf);
    case 'straight': {
      const drawn = baseLatent(base, site);
      const mean = meanGiven(builder, graph, site, drawn, valueOf);
      return asLever(builder.add(mean, builder.emit('stop_gradient', [builder.subtract(drawn, mean)], {})));
    }
    case 'given':
    case 'base':
    case 'value':
      return asLever(emitLatent(builder, site, rule, valueOf, base));
    default:
      return assertNever(rule);
  }
}

function baseLatent(base: Pass | undefined, { id }: GraphSite): ValueId {
  if (base === undefined) throw new InternalError(`no base pass for ${id}`);
  return base.latent(id);
}
