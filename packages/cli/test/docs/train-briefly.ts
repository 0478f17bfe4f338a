/** A few steps of a model on a few rows of the data that its `train` block names. */
import type { Artifact, SourceSpec } from '@sbn/program';
import { createTfjsEngine, isGenerator, loadModel, type Dataset, type Evaluation } from '@sbn/runtime';
import { openDataset } from '@sbn/runtime/node';

const ROWS = 60;

/** Whether the model says how it is trained, on data that need no file. */
export function isTrainable({ data, train }: Artifact): boolean {
  const says = train.optimizer !== undefined;
  return says && data.every(({ name }) => train.data[name] !== undefined && isGenerator(train.data[name]));
}

export interface BriefTraining {
  /** The cost, or the negative bound, per row: from more draws than a step has. */
  readonly before: number;
  readonly after: number;
  /** Of every step. */
  readonly losses: readonly number[];
}

export async function trainBriefly(artifact: Artifact, steps: number): Promise<BriefTraining> {
  const data = await openRows(artifact);
  const model = await loadModel(artifact, { engine: await createTfjsEngine({ backend: 'wasm' }), seed: 1 });
  const measure = async (): Promise<number> => lossOf(await model.evaluate(data, { samples: 4 }));
  const before = await measure();
  const losses: number[] = [];
  for await (const { loss } of model.train({ data, steps, batch: data === undefined ? 50 : Math.min(20, data.rows) })) {
    losses.push(loss);
  }
  const after = await measure();
  model.dispose();
  return { before, after, losses };
}

async function openRows({ data, train }: Artifact): Promise<Dataset | undefined> {
  if (data.length === 0) return undefined;
  return openDataset(data, Object.fromEntries(Object.entries(train.data).map(([name, spec]) => [name, fewer(spec)])));
}

function fewer(spec: SourceSpec): SourceSpec {
  return 'rows' in spec.options ? { ...spec, options: { ...spec.options, rows: String(ROWS) } } : spec;
}

function lossOf(evaluation: Evaluation): number {
  return evaluation.kind === 'bound' ? -evaluation.bound.mean : evaluation.cost.mean;
}
