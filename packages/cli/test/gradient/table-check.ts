/** One cell of the table: a model of `model-table.ts` under one estimator, at a random point. */
import { compile, type CompileOptions } from '@sbn/compiler';
import { renderDiagnostics, type SourceFile } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import { createReferenceEngine, drawPoint, verifyGradient, type Engine, type GradientVerification } from '@sbn/runtime';
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

/** Whether an estimator makes several draws of a site, each of which is enumerated. */
export function drawsAgain(estimator: string): boolean {
  return /draws|rloo/.test(estimator);
}

/**
 * The smallest sizes that show everything: two units, for the second order, where there are few sites; three classes. Where an
 * estimator draws again, counts are cut early, and of three sites one alone has counts.
 */
export function smallSizes({ distribution, structure }: TableModel, estimator: string): readonly SiteSize[] {
  const { length } = STRUCTURES[structure].sites;
  const unit = { units: 1, classes: 3, cut: drawsAgain(estimator) ? 4 : 5 };
  const bernoulli = { units: 1, classes: 2, cut: 0, distribution: 'bernoulli' } as const;
  // Its integrals over uniforms are sums too, over more points for each class.
  if (estimator.includes('gumbel') && length > 1) {
    return [{ ...unit, classes: length === 2 ? 3 : 2 }, ...Array.from({ length: length - 1 }, () => bernoulli)];
  }
  if (length === 1) return [{ ...unit, units: 2, cut: 4 }];
  if (length === 2) return distribution === 'bernoulli' ? [{ ...unit, units: 2 }, unit] : [unit, unit];
  const coin = { units: 1, classes: 2, cut: 4 };
  if (distribution !== 'poisson') return [unit, coin, coin];
  return drawsAgain(estimator) ? [bernoulli, unit, bernoulli] : [coin, coin, coin];
}

/** What a cell is compiled from. */
export function sourceOf(model: TableModel, estimator: string, sizes = smallSizes(model, estimator)): SourceFile {
  return { name: 'table.sbn', text: `${writeModel(model, sizes)}${estimator}\n` };
}

export interface Cell {
  readonly model: TableModel;
  readonly sizes: readonly SiteSize[];
  readonly artifact: Artifact;
}

/** A diagnostic fails the test with its text. */
export function compileCell(
  model: TableModel,
  estimator: string,
  sizes = smallSizes(model, estimator),
  options: CompileOptions = {},
): Cell {
  const source = sourceOf(model, estimator, sizes);
  const { value, diagnostics } = compile(source, options);
  if (value === undefined) throw new Error(`${source.text}${renderDiagnostics(source, diagnostics, { color: false })}`);
  return { model, sizes, artifact: value };
}

export interface CellOptions {
  readonly seed?: number;
  readonly engine?: Engine;
  /** The running variance of every site's signal, in place of something random. */
  readonly variance?: number;
}

/** A random point with one data row. */
export function pickRow({ artifact }: Cell, { seed = 7, variance }: CellOptions = {}): Point {
  const { data, rows } = drawPoint(artifact, { seed, rows: 1 });
  const point = pickPoint(artifact, seed);
  const names = artifact.state.map(({ name }) => name).filter((name) => name.includes('.variance.'));
  const state =
    variance === undefined ? [] : names.map((name) => [name, name.endsWith('.weight') ? 1 : variance] as const);
  return { ...point, data, rows, state: { ...point.state, ...Object.fromEntries(state) } };
}

/** The proof at a random point with one data row. Counts are cut where the sizes say. */
export async function verifyCell(cell: Cell, options: CellOptions = {}): Promise<GradientVerification> {
  const { model, sizes, artifact } = cell;
  const { engine = createReferenceEngine() } = options;
  const cuts = new Map(
    STRUCTURES[model.structure].sites.flatMap(([site], index) => {
      const size = sizes[index];
      const counts = (size?.distribution ?? model.distribution) === 'poisson';
      return size !== undefined && counts ? [[site, size.cut] as const] : [];
    }),
  );
  return verifyGradient(artifact, { engine, ...pickRow(cell, options), truncation: { cuts, missing: 0 } });
}

/** Largest difference over the largest element of the whole gradient: what float32 can tell where a far site learns little. */
export function errorOfAll({ parameters }: GradientVerification): number {
  const largest = Math.max(...parameters.flatMap(({ exact }) => [...exact].map(Math.abs)));
  const differences = parameters.flatMap(({ exact, estimated }) =>
    [...exact].map((value, index) => Math.abs(value - (estimated[index] ?? NaN))),
  );
  return Math.max(...differences) / largest;
}
