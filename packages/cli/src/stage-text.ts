/** The compiler's stages as text, for `--emit`. */
import { printGraph, printModel, type CompiledStages } from '@sbn/compiler';
import { printProgram, writeArtifact, type ArtifactPrograms } from '@sbn/program';

export const STAGES = ['ast', 'model', 'graph', 'marginal', 'plan', 'program', 'artifact'] as const;
export type StageName = (typeof STAGES)[number];

/** Maps become objects: their keys are names. */
function toJson(value: unknown): string {
  const replace = (_key: string, part: unknown): unknown => (part instanceof Map ? Object.fromEntries(part) : part);
  return `${JSON.stringify(value, replace, 2)}\n`;
}

function printPrograms(programs: ArtifactPrograms): string {
  return Object.values(programs).map(printProgram).join('\n');
}

/** A table over the stages, so that a new one does not compile without its text; undefined where an error came before it. */
const RENDER: Readonly<Record<StageName, (stages: CompiledStages) => string | undefined>> = {
  ast: ({ ast }) => (ast === undefined ? undefined : toJson(ast)),
  model: ({ model }) => (model === undefined ? undefined : printModel(model)),
  graph: ({ graph }) => (graph === undefined ? undefined : printGraph(graph)),
  marginal: ({ marginalization }) => (marginalization === undefined ? undefined : printGraph(marginalization.graph)),
  plan: ({ plan }) => (plan === undefined ? undefined : toJson(plan)),
  program: ({ programs }) => (programs === undefined ? undefined : printPrograms(programs)),
  artifact: ({ artifact }) => (artifact === undefined ? undefined : writeArtifact(artifact)),
};

export function renderStage(stage: StageName, stages: CompiledStages): string | undefined {
  return RENDER[stage](stages);
}
