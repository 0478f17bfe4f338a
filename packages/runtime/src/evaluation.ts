/** Bounds, importance-sampled likelihoods and costs. */
import { InternalError } from '@sbn/program';
import { inputsOf, outputsOf, tensorAt } from './ports.js';
import type { Estimate, Evaluation } from './model.js';
import { runRows, type RowRun } from './row-batches.js';

/** Per row, of `draws` draws. */
interface RowStatistics {
  /** Mean log weight, or mean cost. */
  readonly means: Float64Array;
  /** Log of the mean weight; of no meaning for a cost. */
  readonly logMeans: Float64Array;
}

/** Runs the `evaluate` program; all that follows the engine is in float64. */
async function collectRows(asked: RowRun, role: 'log_weight' | 'cost'): Promise<RowStatistics> {
  // Where nothing is drawn, one draw is all of them.
  const isDrawn = inputsOf(asked.program, 'noise').length > 0;
  const run = isDrawn ? asked : { ...asked, draws: 1 };
  const ports = outputsOf(run.program, role);
  const weight = ports.find(({ name }) => name === 'total');
  if (weight === undefined) throw new InternalError(`program ${run.program.name} has no ${role}`);
  // Where sites are summed out of a bound, its term is not the logarithm of the weight.
  const term = ports.find(({ name }) => name === 'bound') ?? weight;
  let means = new Float64Array();
  let logMeans = new Float64Array();
  await runRows(run, (rows) => {
    const meanOf = (means = new Float64Array(rows));
    const logOf = (logMeans = new Float64Array(rows).fill(-Infinity));
    return async ({ firstRow, outputs }) => {
      const weights = await tensorAt(outputs, weight.key).download();
      const terms = await tensorAt(outputs, term.key).download();
      weights.forEach((value, index) => {
        const row = firstRow + index;
        meanOf[row] = (meanOf[row] ?? NaN) + (terms[index] ?? NaN) / run.draws;
        logOf[row] = logAddExp(logOf[row] ?? NaN, value - Math.log(run.draws));
      });
    };
  });
  return { means, logMeans };
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

export async function evaluateRows(run: RowRun): Promise<Evaluation> {
  const { objective } = run.artifact;
  const { means, logMeans } = await collectRows(run, objective.kind === 'bound' ? 'log_weight' : 'cost');
  const counts = { rows: means.length, samples: run.draws };
  if (objective.kind === 'cost') return { kind: 'cost', ...counts, cost: estimate(means) };
  return { kind: 'bound', ...counts, bound: estimate(means), logLikelihood: estimate(logMeans) };
}

/** Per row: log of the mean weight, or mean cost. */
export async function scoreRows(run: RowRun): Promise<Float64Array> {
  const isBound = run.artifact.objective.kind === 'bound';
  const { means, logMeans } = await collectRows(run, isBound ? 'log_weight' : 'cost');
  return isBound ? logMeans : means;
}
