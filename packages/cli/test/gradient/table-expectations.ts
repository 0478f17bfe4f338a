/** What is expected of a cell of the table, by the kind of its estimator. */
import type { Artifact, Verdict } from '@sbn/program';
import type { GradientVerification } from '@sbn/runtime';
import { expect } from 'vitest';
import { differentiateLikelihood } from './exact-likelihood.js';
import type { SiteSize, TableModel } from './model-table.js';
import { compileCell, pickRow, verifyCell } from './table-check.js';

/** Every latent site's verdict is of this kind. */
export function expectVerdicts(artifact: Artifact, kind: Verdict['kind']): void {
  const latents = artifact.sites.filter(({ role }) => role === 'latent');
  expect(latents).not.toEqual([]);
  for (const { id, verdict } of latents) expect(verdict?.kind, id).toBe(kind);
}

interface Options {
  readonly sizes?: readonly SiteSize[];
  readonly seed?: number;
}

export async function expectUnbiased(model: TableModel, estimator: string, options: Options = {}): Promise<void> {
  const cell = compileCell(model, estimator, options.sizes);
  expectVerdicts(cell.artifact, 'unbiased');
  const { maxRelativeError } = await verifyCell(cell, options);
  expect(maxRelativeError).toBeLessThan(1e-10);
}

/** By more than `least` of a parameter's gradient. */
export async function expectBiased(
  model: TableModel,
  estimator: string,
  options: Options = {},
  least = 1e-3,
): Promise<void> {
  const cell = compileCell(model, estimator, options.sizes);
  expectVerdicts(cell.artifact, 'biased');
  const { maxRelativeError } = await verifyCell(cell, options);
  expect(maxRelativeError).toBeGreaterThan(least);
}

/** Sites are scaled, and what the costs' own parameters learn directly is not: E(s) = A + sB, with the exact gradient at s = 1. */
export async function expectScaled(model: TableModel, estimator: string, options: Options = {}): Promise<void> {
  const cell = compileCell(model, estimator, options.sizes);
  expectVerdicts(cell.artifact, 'biased');
  // Nothing is divided while the deviation is at most 1.
  const whole = await verifyCell(cell, { ...options, variance: 1 });
  expect(whole.maxRelativeError).toBeLessThan(1e-10);
  const half = await verifyCell(cell, { ...options, variance: 4 });
  const quarter = await verifyCell(cell, { ...options, variance: 16 });
  const moves = whole.parameters.map(({ exact }, parameter) => {
    const at = ({ parameters }: GradientVerification, index: number): number =>
      parameters[parameter]?.estimated[index] ?? NaN;
    const largest = Math.max(...exact.map(Math.abs), 1e-9);
    exact.forEach((value, index) => {
      const bend = at(half, index) - at(quarter, index) - (value - at(half, index)) / 2;
      expect(Math.abs(bend) / largest).toBeLessThan(1e-6);
    });
    return Math.max(...exact.map((value, index) => Math.abs(value - at(half, index)))) / largest;
  });
  expect(Math.max(...moves)).toBeGreaterThan(0.1);
}

/** A sum that is part of the objective, inside of a logarithm, is made here from the model whose sites are drawn. */
export async function expectExactSum(model: TableModel, estimator: string, options: Options = {}): Promise<void> {
  const cell = compileCell(model, estimator, options.sizes);
  expectVerdicts(cell.artifact, 'exact');
  const { maxRelativeError, objective, parameters } = await verifyCell(cell, options);
  expect(maxRelativeError).toBeLessThan(1e-10);
  if (model.objective !== 'likelihood') return;
  const drawn = compileCell(model, 'estimator likelihood_ratio(center = none)', options.sizes);
  const latents = drawn.artifact.sites.filter(({ role }) => role === 'latent').map(({ id }) => id);
  const likelihood = differentiateLikelihood(drawn.artifact, new Set(latents), pickRow(drawn, options));
  expect(objective).toBeCloseTo(likelihood.objective, 10);
  for (const { name, exact } of parameters) {
    const numbers = likelihood.gradient.get(name);
    exact.forEach((value, index) => {
      expect(value, name).toBeCloseTo(numbers?.[index] ?? NaN, 8);
    });
  }
}
