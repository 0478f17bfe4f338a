/**
 * The pipeline, from the text of a model to its artifact. Each stage is a pure function of the one
 * before; the first that finds an error is the last that runs.
 */
import { parse, type Diagnostic, type Module, type Outcome, type SourceFile } from '@sbn/dsl';
import type { Artifact, ArtifactPrograms } from '@sbn/program';
import { checkModel } from './check/index.js';
import { emitArtifact } from './emit-artifact.js';
import { attributeDiagnostics, parseEstimatorText } from './estimator-text.js';
import { ESTIMATORS, type EstimatorTable } from './estimators/index.js';
import { expandEnumeration } from './expand/enumeration.js';
import { expandGradient } from './expand/gradient.js';
import { expandProfile } from './expand/profile.js';
import { expandEvaluation, expandSampling } from './expand/sampling.js';
import { expandPosterior } from './expand/posterior.js';
import type { GradientPlan } from './gradient-plan.js';
import { lowerModel, lowerPrior } from './lower/lower-model.js';
import { marginalize, type Marginalization } from './marginalize/index.js';
import { optimizeProgram } from './optimize/index.js';
import { planGradient } from './plan-gradient.js';
import type { StochasticGraph } from './stochastic-graph.js';
import type { TypedModel } from './typed-model.js';

export interface CompileOptions {
  /** Values for constants of the file, by name, as `--set` gives them. */
  readonly constants?: Readonly<Record<string, number>>;
  /** The estimators that the file may name; an app can add its own to the built-in ones. */
  readonly estimators?: EstimatorTable;
  /**
   * As after `via`, e.g. `muprop(order = 2)`: it takes the place of the file's `estimator` declaration, for all sites
   * without a `via` of their own. What is wrong with it is a diagnostic whose `source` it is.
   */
  readonly estimator?: string | undefined;
  /** The last stage to run, where what comes after is of no use. */
  readonly stopAfter?: 'check';
}

/** Every stage's result, up to the first with an error; and all diagnostics. */
export interface CompiledStages {
  readonly ast: Module | undefined;
  readonly model: TypedModel | undefined;
  readonly graph: StochasticGraph | undefined;
  readonly marginalization: Marginalization | undefined;
  readonly plan: GradientPlan | undefined;
  readonly programs: ArtifactPrograms | undefined;
  readonly artifact: Artifact | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const NOTHING: CompiledStages = {
  ast: undefined,
  model: undefined,
  graph: undefined,
  marginalization: undefined,
  plan: undefined,
  programs: undefined,
  artifact: undefined,
  diagnostics: [],
};

/** The artifact, unless the diagnostics hold an error. Never throws on a user's mistake. */
export function compile(source: SourceFile, options: CompileOptions = {}): Outcome<Artifact> {
  const { artifact, diagnostics } = compileStages(source, options);
  return { value: artifact, diagnostics };
}

export function compileStages(source: SourceFile, options: CompileOptions = {}): CompiledStages {
  const stages = runStages(source, options);
  if (options.estimator === undefined) return stages;
  return { ...stages, diagnostics: attributeDiagnostics(stages.diagnostics, options.estimator, source) };
}

function runStages(source: SourceFile, options: CompileOptions): CompiledStages {
  const estimators = options.estimators ?? ESTIMATORS;
  const parsed = parse(source);
  const requested = options.estimator === undefined ? undefined : parseEstimatorText(options.estimator, source);
  const diagnostics = [...parsed.diagnostics, ...(requested?.diagnostics ?? [])];
  const ast = parsed.value;
  if (ast === undefined) return { ...NOTHING, diagnostics };

  const checked = checkModel(ast, source, {
    constants: options.constants ?? {},
    incomplete: hasError(parsed.diagnostics),
    estimator: requested?.value,
  });
  diagnostics.push(...checked.diagnostics);
  const model = checked.value;
  if (model === undefined || hasError(diagnostics)) return { ...NOTHING, ast, diagnostics };
  if (options.stopAfter === 'check') return { ...NOTHING, ast, model, diagnostics };

  const graph = lowerModel(model);
  const summedOut = marginalize(graph, model.objective, model.estimator);
  diagnostics.push(...summedOut.diagnostics);
  const marginalization = summedOut.value;
  if (marginalization === undefined) return { ...NOTHING, ast, model, graph, diagnostics };

  const planned = planGradient(marginalization.graph, model.estimator, estimators);
  diagnostics.push(...planned.diagnostics);
  const plan = planned.value;
  if (plan === undefined || hasError(diagnostics)) {
    return { ...NOTHING, ast, model, graph, marginalization, diagnostics };
  }

  const step = expandGradient(marginalization.graph, plan, model.parameters, estimators, 'step');
  const configuration = expandGradient(marginalization.graph, plan, model.parameters, estimators, 'configuration');
  const programs: ArtifactPrograms = {
    gradient: optimizeProgram(step.program),
    evaluate: optimizeProgram(expandEvaluation(marginalization, model.objective)),
    sample: optimizeProgram(expandSampling('sample', lowerPrior(model))),
    posterior: optimizeProgram(expandPosterior(graph, marginalization.graph)),
    configuration: optimizeProgram(configuration.program),
    enumeration: optimizeProgram(expandEnumeration(exactGraph(model, graph, marginalization), model.parameters)),
    profile: optimizeProgram(expandProfile(graphOfOwnParameters(model, marginalization.graph), plan, estimators)),
  };
  const { state, auxiliary, draws } = step;
  const { summed } = marginalization;
  const parts = { model, graph, plan, summed, verdicts: step.judge(), state, auxiliary, draws, programs };
  const artifact = emitArtifact(parts, estimators);
  return { ast, model, graph, marginalization, plan, programs, artifact, diagnostics };
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
