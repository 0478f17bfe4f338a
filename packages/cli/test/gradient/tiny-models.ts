/** Every example at a size at which all its latent configurations can be counted out, at a random point. */
import { readFileSync } from 'node:fs';
import { compile, type CompileOptions } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import type { Artifact, ParameterInfo } from '@sbn/program';
import { drawPoint, initializeParameters, type VerificationPoint } from '@sbn/runtime';

export interface TinyModel {
  readonly title: string;
  /** An example, or a file of `models/` beside this one. */
  readonly file: string;
  readonly constants: Readonly<Record<string, number>>;
  /** The gradient is a difference of terms a thousand times as large: float32 cannot show five digits of it. */
  readonly cancels?: boolean;
  /** It has latents that are counts. */
  readonly counts?: boolean;
}

export const TINY_MODELS: readonly TinyModel[] = [
  { title: 'bars', file: 'bars.sbn', constants: { H: 2 } },
  { title: 'sbn1', file: 'sbn1.sbn', constants: { H: 4, N: 5 } },
  { title: 'sbn2', file: 'sbn2.sbn', constants: { H: 3, N: 5 } },
  { title: 'completion', file: 'completion.sbn', constants: { H: 3, N: 4 } },
  { title: 'toy, t = 0.2', file: 'toy.sbn', constants: { N: 5, t: 0.2 } },
  // The slope of the objective is 1 − 2t = 0.002.
  { title: 'toy, t = 0.499', file: 'toy.sbn', constants: { N: 5 }, cancels: true },
  { title: 'deep, 1 layer', file: 'deep.sbn', constants: { L: 1, H: 3, N: 4 } },
  { title: 'deep, 3 layers', file: 'deep.sbn', constants: { L: 3, H: 2, N: 4 } },
  { title: 'deep, 4 layers', file: 'deep.sbn', constants: { L: 4, H: 2, N: 3 } },
];

/** Models with what the examples do not have: one-hot latents, indexing by them, a mixture, skips and mixes. */
const OWN_MODELS: readonly string[] = [
  'categorical.sbn',
  'attention.sbn',
  'mixture.sbn',
  'skip.sbn',
  'siblings.sbn',
  'chain.sbn',
  'comprehension.sbn',
];

/** Models with latents that are counts: the two that do not end are cut. */
const COUNT_MODELS: readonly string[] = ['poisson.sbn', 'binomial.sbn', 'geometric.sbn'];

/** Models some or all of whose sites are summed out. */
const SUMMED_MODELS: readonly string[] = [
  'enumerate-mixture.sbn',
  'enumerate-hmm.sbn',
  'enumerate-below.sbn',
  'enumerate-parts.sbn',
  'enumerate-attention.sbn',
  'enumerate-guide.sbn',
  'enumerate-siblings.sbn',
];

/** Models with plates, and with several draws for each row. */
const REPEATED_MODELS: readonly string[] = [
  'plate.sbn',
  'plate-mixed.sbn',
  'plate-nested.sbn',
  'plate-pooled.sbn',
  'iwae.sbn',
  'iwae-plate.sbn',
];

const withoutConstants = (file: string): TinyModel => ({ title: file.replace('.sbn', ''), file, constants: {} });

export const ALL_MODELS: readonly TinyModel[] = [
  ...TINY_MODELS,
  ...OWN_MODELS.map(withoutConstants),
  ...COUNT_MODELS.map((file) => ({ ...withoutConstants(file), counts: true })),
];

/** The model of that title. */
export function findModel(title: string): TinyModel {
  const found = ALL_MODELS.find((model) => model.title === title);
  if (found === undefined) throw new Error(`${title} is gone`);
  return found;
}

export const ENUMERATED_MODELS: readonly TinyModel[] = SUMMED_MODELS.map(withoutConstants);

export const PLATE_MODELS: readonly TinyModel[] = REPEATED_MODELS.map(withoutConstants);

export function readModel(file: string): string {
  const folder = [...OWN_MODELS, ...COUNT_MODELS, ...SUMMED_MODELS, ...REPEATED_MODELS].includes(file)
    ? './models/'
    : '../../../../examples/';
  return readFileSync(new URL(`${folder}${file}`, import.meta.url), 'utf8');
}

/** The compiled model; a diagnostic fails the test with its text. `estimator` goes in front of the file. */
export function compileTiny(model: TinyModel, estimator = '', options: CompileOptions = {}): Artifact {
  const source = { name: model.file, text: `${readModel(model.file)}\n${estimator}` };
  const { value, diagnostics } = compile(source, { ...options, constants: model.constants });
  if (value === undefined) throw new Error(renderDiagnostics(source, diagnostics, { color: false }));
  return value;
}

export type Point = VerificationPoint & { readonly state: Readonly<Record<string, number>> };

/** A random point at which baselines have seen something, and networks and scales of the estimators' own have learned. */
export function pickPoint(artifact: Artifact, seed: number): Point {
  const learned = artifact.parameters.filter(({ role }) => role === 'estimator').map(stir);
  const point = drawPoint(artifact, { seed });
  const parameters = { ...point.parameters, ...initializeParameters({ ...artifact, parameters: learned }, seed) };
  const state = Object.fromEntries(
    artifact.state.map(({ name }, index) => [name, name.endsWith('weight') ? 0.75 : 0.5 - 0.125 * index]),
  );
  return { ...point, parameters, state };
}

/** Not far from where it starts: baselines of the size of the signals, so that float32 has its digits. */
function stir(parameter: ParameterInfo): ParameterInfo {
  const { initializer } = parameter;
  const mean = initializer.kind === 'fill' ? initializer.value : 0;
  return { ...parameter, initializer: { kind: 'normal', mean, standardDeviation: 0.1 } };
}
