/** One cell of the table: a model of `model-table.ts` under one estimator, at a random point. */
import { compile, type CompileOptions } from '@sbn/compiler';
import { renderDiagnostics, type SourceFile } from '@sbn/dsl';
import type { Artifact, Verdict } from '@sbn/program';
import { createReferenceEngine, drawPoint, verifyGradient, type Engine, type GradientVerification } from '@sbn/runtime';
import { expect } from 'vitest';
import {
  DISTRIBUTIONS,
  OBJECTIVES,
  STRUCTURES,
  writeModel,
  type DistributionName,
  type SiteSize,
  type StructureName,
  type TableModel,
} from './model-table.js';
import { pickPoint, type Point } from './tiny-models.js';

export const DISTRIBUTION_NAMES = Object.keys(DISTRIBUTIONS) as readonly DistributionName[];
export const STRUCTURE_NAMES = Object.keys(STRUCTURES) as readonly StructureName[];

export const TABLE_MODELS: readonly TableModel[] = DISTRIBUTION_NAMES.flatMap((distribution) =>
  STRUCTURE_NAMES.flatMap((structure) => OBJECTIVES.map((objective) => ({ distribution, structure, objective }))),
);

/** The smallest sizes that show everything: two units, for the second order, where there are few sites; three classes. */
export function smallSizes({ distribution, structure }: TableModel): readonly SiteSize[] {
  const one = { units: 1, classes: 3 };
  const two = { units: 2, classes: 3 };
  const coin = { units: 1, classes: 2 };
  const { length } = STRUCTURES[structure].sites;
  if (length === 1) return [two];
  if (length === 2) return distribution === 'bernoulli' ? [two, one] : [one, one];
  return [one, coin, coin];
}

/** What a cell is compiled from. */
export function sourceOf(model: TableModel, estimator: string, sizes = smallSizes(model)): SourceFile {
  return { name: 'table.sbn', text: `${writeModel(model, sizes)}${estimator}\n` };
}

/** The compiled cell; a diagnostic fails the test with its text. */
export function compileCell(
  model: TableModel,
  estimator: string,
  sizes?: readonly SiteSize[],
  options: CompileOptions = {},
): Artifact {
  const source = sourceOf(model, estimator, sizes);
  const { value, diagnostics } = compile(source, options);
  if (value === undefined) throw new Error(`${source.text}${renderDiagnostics(source, diagnostics, { color: false })}`);
  return value;
}

export interface CellPoint {
  readonly seed?: number;
  readonly engine?: Engine;
  /** What the estimators carry from step to step, in place of what is drawn. */
  readonly state?: Readonly<Record<string, number>>;
}

/** A random point with one data row. */
export function pickRow(artifact: Artifact, seed = 7): Point {
  const { data, rows } = drawPoint(artifact, { seed, rows: 1 });
  return { ...pickPoint(artifact, seed), data, rows };
}

/** The proof at a random point with one data row. */
export async function verifyCell(artifact: Artifact, options: CellPoint = {}): Promise<GradientVerification> {
  const { seed, engine = createReferenceEngine(), state } = options;
  const point = pickRow(artifact, seed);
  return verifyGradient(artifact, { engine, ...point, state: { ...point.state, ...state } });
}

/** Largest difference over the largest element of the whole gradient: what float32 can tell where a far site learns little. */
export function errorOfAll({ parameters }: GradientVerification): number {
  const largest = Math.max(...parameters.flatMap(({ exact }) => [...exact].map(Math.abs)));
  const differences = parameters.flatMap(({ exact, estimated }) =>
    [...exact].map((value, index) => Math.abs(value - (estimated[index] ?? NaN))),
  );
  return Math.max(...differences) / largest;
}

/** Every latent site's verdict is of this kind. */
export function expectVerdicts(artifact: Artifact, kind: Verdict['kind']): void {
  const latents = artifact.sites.filter(({ role }) => role === 'latent');
  expect(latents).not.toEqual([]);
  for (const { id, verdict } of latents) expect(verdict?.kind, id).toBe(kind);
}

/** Running variances of the signals for all sites that have one. */
export function withVariance({ state }: Artifact, variance: number): Readonly<Record<string, number>> {
  const names = state.map(({ name }) => name).filter((name) => name.includes('.variance.'));
  return Object.fromEntries(names.map((name) => [name, name.endsWith('.weight') ? 1 : variance]));
}
