/** Which data sets have been held against which declarations, so that this is not done again for each batch. */
import type { DataPort } from '@sbn/program';
import type { Column, Dataset } from '../dataset.js';

/** Of data sets that this package made; what an app implements is checked whenever it is read. */
const CHECKED = new WeakMap<Dataset, ReadonlyMap<string, DataPort>>();

export function rememberChecked(dataset: Dataset, columns: readonly Column[]): void {
  const ports = columns.flatMap(({ name, checked }) => (checked === undefined ? [] : [[name, checked] as const]));
  CHECKED.set(dataset, new Map(ports));
}

/** Whether all values of the port's name are as it asks. The data may have been opened for another model. */
export function isChecked(dataset: Dataset, port: DataPort): boolean {
  const held = CHECKED.get(dataset)?.get(port.name);
  return held !== undefined && (held === port || demandOf(held) === demandOf(port));
}

function demandOf({ element, largest, range, shape }: DataPort): string {
  return JSON.stringify([element, largest, range, shape]);
}
