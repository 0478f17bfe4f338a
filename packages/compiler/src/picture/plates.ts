/** The rectangles of plate notation, from the plates that each site is in. */
import type { Plate } from '../typed-model.js';
import type { PicturePlate } from './model-picture.js';

/** `plate i in 10`: a variable, and how many values it takes. */
export type SitePlate = Pick<Plate, 'variable' | 'size'>;

/** The plate of the batch: every site, every datum and the objective are there once for each row. */
export const ROWS: PicturePlate = { id: 'rows', label: 'rows', parent: undefined };

/** The rectangles for a path of plates below that of the rows, outermost first; the last holds the site. */
export function nestPlates(path: readonly SitePlate[]): readonly PicturePlate[] {
  const nested: PicturePlate[] = [ROWS];
  for (const { variable, size } of path) {
    const parent = nested.at(-1) ?? ROWS;
    const label = `${variable} in ${size}`;
    nested.push({ id: `${parent.id}/${label}`, label, parent: parent.id });
  }
  return nested;
}
