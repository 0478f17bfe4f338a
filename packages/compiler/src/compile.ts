/**
 * The pipeline, from the text of a model to its artifact. Each stage is a pure function of the one
 * before; the first that finds an error is the last that runs.
 */
import { placeAfter, type Diagnostic, type Module, type Outcome, type SourceFile, type SourceSet } from '@sbn/dsl';
import type { Artifact, ArtifactPrograms, Program, ProgramBuilder, SiteInfo } from '@sbn/program';
import { checkModel } from './check/index.js';
import { describeSites, emitArtifact } from './emit-artifact.js';
import { ESTIMATOR_TEXT_NAME, parseEstimatorText } from './estimator-text.js';
import { ESTIMATORS, type EstimatorTable } from './estimators/index.js';
import { onceOnly } from './once-only.js';
import { expandEnumeration } from './expand/enumeration.js';
import type { GradientMode } from './draws.js';
import { expandGradient, type GradientExpansion } from './expand/gradient.js';
import { expandProfile } from './expand/profile.js';
import { expandEvaluation, expandSampling } from './expand/sampling.js';
import { expandPosterior } from './expand/posterior.js';
import type { GradientPlan } from './gradient-plan.js';
import { lowerModel, lowerPrior, lowerSingle } from './lower/lower-model.js';
import { loadModules, NO_FILES, type LoadedModule, type ReadImport } from './load-modules.js';
import { marginalize, type Marginalization } from './marginalize/index.js';
import { onDemand } from './on-demand.js';
import { optimizeProgram } from './optimize/index.js';
import { checkOrder } from './order/check-order.js';
import { readsItself } from './order/reads-itself.js';
import { planGradient } from './plan-gradient.js';
import type { StochasticGraph } from './stochastic-graph.js';
import { drawsPerRow, type TypedModel } from './typed-model.js';
import { warnUntrained } from './warn-untrained.js';

export interface CompileOptions {
  /** Values for constants of the file and of those that it imports, by name, as `--set` gives them. */
  readonly constants?: Readonly<Record<string, number>>;
  /** The estimators that the file may name; an app can add its own to the built-in ones. */
  readonly estimators?: EstimatorTable;
  /**
   * As after `via`, e.g. `muprop(order = 2)`: it takes the place of the file's `estimator` declaration, for all sites
   * without a `via` of their own. It is the last text of `sources`, in which is shown what is wrong with it.
   */
  readonly estimator?: string | undefined;
  /** What `import "path"` brings in; without a reader an import is a mistake. */
  readonly readImport?: ReadImport;
  /** Called with each program before it is optimised; all of them are then made at once, in the order of `ArtifactPrograms`. */
  readonly onExpanded?: ((program: Program) => void) | undefined;
  /** The last stage to run, where what comes after is of no use; `judge` gives all diagnostics and verdicts, and no artifact. */
  readonly stopAfter?: 'check' | 'judge';
}

/** Every stage's result, up to the first with an error; and all diagnostics. */
export interface CompiledStages {
  /** All texts that took part, the model file first: what the diagnostics point into. */
  readonly sources: SourceSet;
  readonly ast: Module | undefined;
  /** The files that were imported, each after those that it imports. */
  readonly imported: readonly LoadedModule[];
  readonly model: TypedModel | undefined;
  readonly graph: StochasticGraph | undefined;
  readonly marginalization: Marginalization | undefined;
  readonly plan: GradientPlan | undefined;
  /** The sites as the artifact describes them, with their verdicts. */
  readonly sites: readonly SiteInfo[] | undefined;
  /** Each program is made when it is asked for: a training needs two of the seven, and a check none. */
  readonly programs: ArtifactPrograms | undefined;
  readonly artifact: Artifact | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const NOTHING: Omit<CompiledStages, 'sources' | 'imported' | 'diagnostics'> = {
  ast: undefined,
  model: undefined,
  graph: undefined,
  marginalization: undefined,
  plan: undefined,
  sites: undefined,
  programs: undefined,
  artifact: undefined,
};

/** The artifact, and the texts that its diagnostics point into. */
export interface CompileOutcome extends Outcome<Artifact> {
  readonly sources: SourceSet;
}

/** The artifact, unless the diagnostics hold an error. Never throws on a user's mistake. */
export function compile(source: SourceFile, options: CompileOptions = {}): CompileOutcome {
  const { artifact, sources, diagnostics } = compileStages(source, options);
  return { value: artifact, sources, diagnostics };
}

export function compileStages(source: SourceFile, options: CompileOptions = {}): CompiledStages {
  const estimators = options.estimators ?? ESTIMATORS;
  const loaded = loadModules(source, options.readImport ?? NO_FILES);
  const { imported, main } = loaded;
  const { sources, requested } = readRequest(loaded.sources, options.estimator);
  const diagnostics = [...loaded.diagnostics, ...(requested?.diagnostics ?? [])];
  const nothing = { ...NOTHING, sources, imported, diagnostics };
  if (main === undefined) return nothing;
  const ast = main.module;

  const checked = checkModel(ast, source, {
    constants: options.constants ?? {},
    incomplete: hasError(loaded.diagnostics),
    estimator: requested?.value,
    loaded: { main, imported, sources },
  });
  diagnostics.push(...checked.diagnostics);
  const model = checked.value;
  if (model === undefined || hasError(diagnostics)) return { ...nothing, ast };
  if (options.stopAfter === 'check') return { ...nothing, ast, model };

  const graph = lowerModel(model);
  const prior = onceOnly(() => lowerPrior(model));
  diagnostics.push(...checkOrders(model, graph, prior));
  if (hasError(diagnostics)) return { ...nothing, ast, model, graph };
  const summedOut = marginalize(graph, model.objective, model.estimator);
  diagnostics.push(...summedOut.diagnostics);
  const marginalization = summedOut.value;
  if (marginalization === undefined) return { ...nothing, ast, model, graph };

  const planned = planGradient(marginalization.graph, model.estimator, estimators);
  diagnostics.push(...planned.diagnostics);
  const plan = planned.value;
  if (plan === undefined || hasError(diagnostics)) {
    return { ...nothing, ast, model, graph, marginalization };
  }

  /** Optimises what has been built so far, whatever is emitted before it is asked for. */
  const optimizer = (builder: ProgramBuilder): (() => Program) => {
    const built = builder.asBuilt();
    const shown = options.onExpanded === undefined ? undefined : builder.finish();
    return () => {
      if (shown !== undefined) options.onExpanded?.(shown);
      return optimizeProgram(built);
    };
  };
  const optimize = (builder: ProgramBuilder): Program => optimizer(builder)();
  const expand = (mode: GradientMode): GradientExpansion =>
    expandGradient(marginalization.graph, plan, model.parameters, estimators, mode);
  const step = expand('step');
  // The judge emits values of its own, to compare with.
  const gradient = optimizer(step.builder);
  diagnostics.push(...warnUntrained(model, graph, step.underived));
  const { state, auxiliary, draws } = step;
  const { summed } = marginalization;
  const described = { model, graph, plan, summed, verdicts: step.judge() };
  const sites = describeSites(described, estimators);
  const judged = { sources, imported, ast, model, graph, marginalization, plan, sites, diagnostics };
  if (options.stopAfter === 'judge') return { ...judged, programs: undefined, artifact: undefined };

  const single = onceOnly(() => (drawsPerRow(model.objective) === undefined ? graph : lowerSingle(model)));
  const programs = onDemand<ArtifactPrograms>({
    gradient,
    evaluate: () => optimize(expandEvaluation(marginalization, model.objective)),
    sample: () => optimize(expandSampling('sample', prior())),
    posterior: () => optimize(expandPosterior(single(), marginalization.graph)),
    configuration: () => optimize(expand('configuration').builder),
    enumeration: () => optimize(expandEnumeration(exactGraph(model, graph, marginalization), model.parameters)),
    profile: () => optimize(expandProfile(graphOfOwnParameters(model, marginalization.graph), plan, estimators)),
  });
  // Who is to see each of them sees all, in this order.
  if (options.onExpanded !== undefined) Object.values(programs);
  const artifact = emitArtifact({ model, graph, sites, state, auxiliary, draws, programs });
  return { ...judged, programs, artifact };
}

/** In the prior all sites of the model are drawn, the data among them; in the graph that is trained, those of the guide. */
function checkOrders(
  { model, guide }: TypedModel,
  graph: StochasticGraph,
  prior: () => StochasticGraph,
): readonly Diagnostic[] {
  const ofModel = readsItself(model) ? checkOrder(prior()) : [];
  return guide === undefined ? ofModel : [...ofModel, ...checkOrder(graph)];
}

/** The estimator of the call, with its text behind the others. */
function readRequest(
  sources: SourceSet,
  text: string | undefined,
): { readonly sources: SourceSet; readonly requested: ReturnType<typeof parseEstimatorText> | undefined } {
  if (text === undefined) return { sources, requested: undefined };
  const [all, placed] = placeAfter(sources, { name: ESTIMATOR_TEXT_NAME, text });
  return { sources: all, requested: parseEstimatorText(placed) };
}

/**
 * What the exact objective is computed from: the model as it was lowered, all latents drawn. Only where sums have gone inside
 * of a logarithm is the objective another one.
 */
function exactGraph(
  { objective }: TypedModel,
  graph: StochasticGraph,
  { graph: trained }: Marginalization,
): StochasticGraph {
  return objective.kind === 'bound' && objective.name === 'likelihood' ? trained : graph;
}

/** The graph that is trained, with parameters of their own for each row. */
function graphOfOwnParameters(model: TypedModel, trained: StochasticGraph): StochasticGraph {
  const { value } = marginalize(lowerModel(model, 'own'), model.objective, model.estimator);
  return value?.graph ?? trained;
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
