/** How long a step takes: the gradient programs in turn, so that what else the machine does falls on all of them alike. */
import { disposeAll } from '../engine.js';
import { downloadNumber, onlyOutput } from '../ports.js';
import type { EstimatorAtWork } from './estimator-at-work.js';
import type { StepInputs } from './step-inputs.js';

/** Runs before the first that counts: the first of all makes the plan, and the next still fill caches. */
const UNTIMED = 3;

export interface TimedEstimator {
  readonly work: EstimatorAtWork;
  readonly inputs: StepInputs;
}

/** The median seconds of a run of each gradient program, in the order given. */
export async function timeSteps(
  estimators: readonly TimedEstimator[],
  batch: number,
  steps: number,
  beforeStep: () => Promise<void>,
): Promise<readonly number[]> {
  const seconds = estimators.map((): number[] => []);
  for (let step = 1; step <= UNTIMED + steps; step += 1) {
    for (const [index, { work, inputs }] of estimators.entries()) {
      await beforeStep();
      const uploaded = await inputs.upload(step);
      const start = performance.now();
      const outputs = await work.runGradient(uploaded, batch);
      // An engine may compute only when it is asked for a result.
      await downloadNumber(outputs, onlyOutput(work.gradient.program, 'loss').key);
      if (step > UNTIMED) seconds[index]?.push((performance.now() - start) / 1000);
      disposeAll(outputs);
    }
  }
  return seconds.map(median);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below = NaN, above = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (below + above) / 2;
}
