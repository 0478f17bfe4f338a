/**
 * A pass through the model: the forward program emitted with something in the place of each latent
 * value. Where a value does not change from another pass, that pass's value is used.
 */
import { assertNever, BATCH, InternalError, type Instruction, type ProgramBuilder, type ValueId } from '@sbn/program';
import { leadOf } from './elements.js';
import { DISTRIBUTIONS } from './distributions/index.js';
import type { GraphSite, StochasticGraph } from './stochastic-graph.js';

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
  /** The value of a latent site in this pass: for a mean, a value of its own, so that it can be differentiated by. */
  readonly latent: (id: string) => ValueId;
}

/**
 * Emits a pass named `origin`. `ruleOf` decides for each latent site; `base` is needed for the rule
 * `base`, and is used for every value that the other rules do not touch.
 */
export function emitPass(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  origin: string,
  ruleOf: (site: GraphSite) => LatentRule,
  base?: Pass,
): Pass {
  const { forward } = graph;
  const values = new Map<ValueId, ValueId>();
  const latents = new Map<string, ValueId>();
  const changed = new Map<ValueId, GraphSite>();
  for (const site of graph.sites) {
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
  const resolveSite = (site: GraphSite): ValueId => {
    const known = latents.get(site.id);
    if (known !== undefined) return known;
    const value = builder.within(origin === '' ? site.id : `${site.id}.${origin}`, () =>
      emitLatent(builder, site, ruleOf(site), resolve, base),
    );
    latents.set(site.id, value);
    return value;
  };
  const resolveLatent = (name: string): ValueId => {
    const known = latents.get(name);
    if (known !== undefined) return known;
    const site = graph.sites.find(({ id }) => id === name);
    if (site === undefined) throw new InternalError(`no site ${name}`);
    return resolveSite(site);
  };

  if (base === undefined) {
    for (const { id, role, name, shape } of forward.inputs) {
      if (role !== 'latent') values.set(id, builder.input(role, name, shape));
    }
  }
  const ensure = (id: ValueId): void => {
    const site = changed.get(id);
    if (site !== undefined && !values.has(id)) values.set(id, resolveSite(site));
  };
  // What a site is drawn from can be the value of another as it stands.
  const resolve = (id: ValueId): ValueId => {
    ensure(id);
    return valueOf(id);
  };

  for (const instruction of affected) {
    instruction.args.forEach(ensure);
    const label = [instruction.origin, origin].filter((part) => part !== undefined && part !== '').join('.');
    values.set(
      instruction.id,
      builder.within(label, () => emitWithArgs(builder, instruction, instruction.args.map(valueOf))),
    );
  }
  for (const id of changed.keys()) ensure(id);
  return { valueOf, latent: resolveLatent };
}

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

function baseLatent(base: Pass | undefined, { id }: GraphSite): ValueId {
  if (base === undefined) throw new InternalError(`no base pass for ${id}`);
  return base.latent(id);
}

/** The same operation on other operands. */
export function emitWithArgs(builder: ProgramBuilder, instruction: Instruction, args: readonly ValueId[]): ValueId {
  if (args.length !== instruction.args.length)
    throw new InternalError(`${instruction.kind} of ${String(args.length)} operands`);
  return builder.emit(instruction.kind, args, instruction.attributes);
}
