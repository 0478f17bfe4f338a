/** What is known of data sets that this package made, and not of what an app implements. */
import type { DataPort } from '@sbn/program';
import type { Column, Dataset } from '../dataset.js';

/** Which declarations they have been held against, so that this is not done again for each batch. */
const CHECKED = new WeakMap<Dataset, ReadonlyMap<string, DataPort>>();

/** Those whose rows are there at once, in the arrays that they are to be read into. */
const AT_HAND = new WeakSet<Dataset>();

/** Those whose rows come from elsewhere, any of them as soon as any other. */
const WHOLE_ELSEWHERE = new WeakSet<Dataset>();

export function rememberColumns(dataset: Dataset, columns: readonly Column[]): void {
  if (columns.every(({ isInMemory }) => isInMemory === true)) AT_HAND.add(dataset);
  else if (columns.every(({ pieces }) => pieces === undefined)) WHOLE_ELSEWHERE.add(dataset);
  const ports = columns.flatMap(({ name, checked }) => (checked === undefined ? [] : [[name, checked] as const]));
  CHECKED.set(dataset, new Map(ports));
}

/** Whether all values of the port's name are as it asks. The data may have been opened for another model. */
export function isChecked(dataset: Dataset, port: DataPort): boolean {
  const held = CHECKED.get(dataset)?.get(port.name);
  return held !== undefined && (held === port || demandOf(held) === demandOf(port));
}

export function isAtHand(dataset: Dataset): boolean {
  return AT_HAND.has(dataset);
}

export function isWholeElsewhere(dataset: Dataset): boolean {
  return WHOLE_ELSEWHERE.has(dataset);
}

function demandOf({ element, largest, range, shape }: DataPort): string {
  return JSON.stringify([element, largest, range, shape]);
}
