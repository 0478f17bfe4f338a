/** Bounds, importance-sampled likelihoods and costs. */
import { InternalError } from '@sbn/program';
import { inputsOf, outputsOf, tensorAt } from './ports.js';
import type { Estimate, Evaluation, RowEvaluations } from './model.js';
import { runRows, type RowRun } from './row-batches.js';

/** Runs the `evaluate` program; all that follows the engine is in float64. */
export async function evaluateEachRow(asked: RowRun): Promise<RowEvaluations> {
  const isBound = asked.artifact.objective.kind === 'bound';
  // Where nothing is drawn, one draw is all of them.
  const isDrawn = inputsOf(asked.program, 'noise').length > 0;
  const run = isDrawn ? asked : { ...asked, draws: 1 };
  const ports = outputsOf(run.program, isBound ? 'log_weight' : 'cost');
  const weight = ports.find(({ name }) => name === 'total');
  if (weight === undefined) throw new InternalError(`program ${run.program.name} has no total`);
  // Where sites are summed out of a bound, its term is not the logarithm of the weight.
  const term = ports.find(({ name }) => name === 'bound') ?? weight;
  let collected = emptyRows(0);
  await runRows(run, (rows) => {
    const { sums, means, squares, logSums, logSquares } = (collected = emptyRows(rows));
    return async ({ firstRow, draw, outputs }) => {
      const weights = await tensorAt(outputs, weight.key).download();
      const terms = await tensorAt(outputs, term.key).download();
      weights.forEach((logWeight, index) => {
        const row = firstRow + index;
        const value = terms[index] ?? NaN;
        sums[row] = (sums[row] ?? NaN) + value / run.draws;
        // Welford 1962: no differences of large sums.
        const before = value - (means[row] ?? NaN);
        means[row] = (means[row] ?? NaN) + before / (draw + 1);
        squares[row] = (squares[row] ?? NaN) + before * (value - (means[row] ?? NaN));
        logSums[row] = logAddExp(logSums[row] ?? NaN, logWeight);
        logSquares[row] = logAddExp(logSquares[row] ?? NaN, 2 * logWeight);
      });
    };
  });
  const { sums, squares, logSums, logSquares } = collected;
  const K = run.draws;
  const errorOfMean = (square: number): number => (isDrawn ? Math.sqrt(square / (K - 1) / K) : 0);
  const shared = { samples: asked.draws, standardError: squares.map(errorOfMean) };
  if (!isBound) return { kind: 'cost', cost: sums, ...shared };
  // w̄ has the variance (Σw² − K w̄²) / (K (K − 1)), and log w̄ to first order that over w̄²: (K Σw² / (Σw)² − 1) / (K − 1).
  const errorOfLog = (logSquare: number, row: number): number => {
    if (!isDrawn) return 0;
    const excess = K * Math.exp(logSquare - 2 * (logSums[row] ?? NaN)) - 1;
    return Math.sqrt(Math.max(0, excess) / (K - 1));
  };
  return {
    kind: 'bound',
    bound: sums,
    ...shared,
    logLikelihood: logSums.map((sum) => sum - Math.log(K)),
    logLikelihoodError: logSquares.map(errorOfLog),
  };
}

/** Per row: sums over draws of what is averaged, its running mean and squared deviations, and logarithms of sums of weights and of their squares. */
function emptyRows(
  rows: number,
): Readonly<Record<'sums' | 'means' | 'squares' | 'logSums' | 'logSquares', Float64Array>> {
  return {
    sums: new Float64Array(rows),
    means: new Float64Array(rows),
    squares: new Float64Array(rows),
    logSums: new Float64Array(rows).fill(-Infinity),
    logSquares: new Float64Array(rows).fill(-Infinity),
  };
}

/** `log(eᵃ + eᵇ)` without overflow; −∞ stands for a weight of 0. */
export function logAddExp(a: number, b: number): number {
  const larger = Math.max(a, b);
  if (!Number.isFinite(larger)) return larger;
  return larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
}

/** @returns the mean, and the standard error of that mean; NaN for a single row. */
export function estimate(values: Float64Array): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n) };
}

/** The means over rows. */
export function summarizeEvaluations(rows: RowEvaluations): Evaluation {
  switch (rows.kind) {
    case 'bound': {
      const counts = { rows: rows.bound.length, samples: rows.samples };
      return { kind: 'bound', ...counts, bound: estimate(rows.bound), logLikelihood: estimate(rows.logLikelihood) };
    }
    case 'cost':
      return { kind: 'cost', rows: rows.cost.length, samples: rows.samples, cost: estimate(rows.cost) };
  }
}
