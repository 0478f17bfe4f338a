/** From the stages' results to the artifact that the runtime reads. */
import { locate, sourceAtOffset, type SourceSet, type Span } from '@sbn/dsl';
import {
  ARTIFACT_FORMAT,
  ARTIFACT_VERSION,
  type Artifact,
  type ArtifactPrograms,
  type DataPort,
  type DrawInfo,
  type ParameterInfo,
  type SiteInfo,
  type SourcePosition,
  type StateInfo,
  type Verdict,
} from '@sbn/program';
import { rowOfBits, spreadBits } from './bit-rows.js';
import { DISTRIBUTIONS } from './distributions/index.js';
import type { AuxiliaryParameter } from './expand/gradient.js';
import type { EstimatorTable, SiteTerm } from './estimators/index.js';
import type { GradientPlan } from './gradient-plan.js';
import { describeSummed, type SummedSite } from './marginalize/index.js';
import type { GraphSite, StochasticGraph } from './stochastic-graph.js';
import { drawsPerRow, type TypedModel } from './typed-model.js';

export interface CompiledParts {
  readonly model: TypedModel;
  readonly graph: StochasticGraph;
  readonly sites: readonly SiteInfo[];
  readonly state: readonly StateInfo[];
  readonly auxiliary: readonly AuxiliaryParameter[];
  readonly draws: readonly DrawInfo[];
  readonly programs: ArtifactPrograms;
}

export function emitArtifact(parts: CompiledParts): Artifact {
  const { model, sites, state, programs } = parts;
  const at = (span: Span): SourcePosition => positionOf(model.sources, span);
  return {
    format: ARTIFACT_FORMAT,
    version: ARTIFACT_VERSION,
    name: model.name,
    doc: model.doc,
    source: {
      file: model.source.name,
      text: model.source.text,
      imports: model.sources.slice(1).map(({ name, text }) => ({ file: name, text })),
    },
    constants: model.constants,
    data: model.data.map(({ span, ...port }) => ({
      ...port,
      ...supportOf(model, port.name),
      position: at(span),
    })),
    parameters: [
      ...model.parameters.map(({ span, ...parameter }) => ({
        ...parameter,
        role: 'model' as const,
        position: at(span),
      })),
      ...describeAuxiliary(parts),
    ],
    state,
    sites,
    draws: parts.draws,
    objective:
      model.objective.kind === 'bound'
        ? { kind: 'bound', name: model.objective.name, position: at(model.objective.span) }
        : { kind: 'cost', sign: model.objective.direction === 'minimize' ? 1 : -1, position: at(model.objective.span) },
    train: model.train,
    programs,
  };
}

/** A place in the model file is one without a file. */
function positionOf(sources: SourceSet, { start }: Span): SourcePosition {
  const { name, base } = sourceAtOffset(sources, start);
  return { ...locate(sources, start), file: base === 0 ? undefined : name };
}

/** Which values the distribution of data gives a probability. */
function supportOf({ model }: TypedModel, name: string): Pick<DataPort, 'largest' | 'range'> {
  const sites = model.filter((statement) => statement.kind === 'site');
  const observed = sites.find(({ id, role }) => role === 'observed' && id === name);
  if (observed === undefined) return { largest: undefined, range: 'any' };
  return { largest: observed.largest, range: DISTRIBUTIONS[observed.distribution].range };
}

/** An estimator's parameter stands where its site does. */
function describeAuxiliary({ model, graph, auxiliary }: CompiledParts): readonly ParameterInfo[] {
  return auxiliary.map(({ site, ...parameter }) => {
    const span = graph.sites.find(({ id }) => id === site)?.typed.span ?? { start: 0, end: 0 };
    return { ...parameter, role: 'estimator', position: positionOf(model.sources, span) };
  });
}

/** What the sites of a model are described by. */
export interface JudgedParts {
  readonly model: TypedModel;
  readonly graph: StochasticGraph;
  readonly plan: GradientPlan;
  readonly summed: readonly SummedSite[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

export function describeSites(
  { model, graph, plan, summed, verdicts }: JudgedParts,
  estimators: EstimatorTable,
): readonly SiteInfo[] {
  const terms = new Map(plan.terms.map((term) => [term.site, term]));
  const sums = new Map(summed.map((sum) => [sum.site, sum]));
  const dataParents = findDataParents(graph);
  return graph.sites.map((site) => {
    const { typed } = site;
    const term = terms.get(site.id);
    const sum = sums.get(site.id);
    const form = term === undefined ? undefined : estimators.get(term.estimator)?.describe(term);
    return {
      id: site.id,
      role: site.role,
      block: typed.block,
      distribution: site.distribution,
      element: typed.type.element,
      largest: typed.largest,
      shape: typed.type.shape,
      plates: typed.plates.map(({ variable, size }) => ({ variable, size })),
      draws: site.role === 'latent' ? drawsPerRow(model.objective) : undefined,
      parents: [...site.parents, ...dataParents(site)],
      costs: term?.costs ?? sum?.costs ?? [],
      estimator: term === undefined ? sum && describeSummed(sum) : describeEstimator(term, form ?? ''),
      // Given its parents, nothing of a site that was summed out is left to chance.
      verdict: sum === undefined ? verdicts.get(site.id) : { kind: 'exact' },
      position: positionOf(model.sources, typed.span),
      doc: typed.doc,
    };
  });
}

/** `muprop (local, rollout, recursive; centred)` */
function describeEstimator({ estimator, note }: SiteTerm, form: string): string {
  return `${estimator} (${form}${note === undefined ? '' : `; ${note}`})`;
}

/** Names the data that a site's parameters depend on. */
function findDataParents({ forward }: StochasticGraph): (site: GraphSite) => readonly string[] {
  const { inputs, instructions } = forward;
  const data = inputs.filter(({ role }) => role === 'data');
  const seeds = new Map(data.map(({ id }, place) => [id, rowOfBits([place], data.length)]));
  const rows = spreadBits(instructions, inputs.length + instructions.length, data.length, seeds);
  return ({ parameters }) => {
    const values = Object.values(parameters);
    return data.filter((_, place) => values.some((value) => rows.has(value, place))).map(({ name }) => name);
  };
}
