import type { Artifact } from '@sbn/program';
import { datasetFromArrays } from '../../src/data/arrays.js';
import type { Dataset } from '../../src/dataset.js';
import type { ParameterValues } from '../../src/model.js';
import type { StepReport, Training } from '../../src/training.js';

/** Eleven rows of three pixels: mostly 110 and 001. */
export const ROWS = [1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0];

export function pairData(artifact: Artifact, rows: readonly number[] = ROWS): Dataset {
  return datasetFromArrays(artifact.data, { x: rows });
}

/** All reports of a training, or the first `count`. */
export async function collect(training: Training, count = Infinity): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of training) {
    reports.push(report);
    if (reports.length >= count) break;
  }
  return reports;
}

export function plain(values: ParameterValues): Record<string, number[]> {
  return Object.fromEntries(Object.entries(values).map(([name, { values: own }]) => [name, [...own]]));
}
