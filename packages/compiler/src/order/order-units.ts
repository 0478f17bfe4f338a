/**
 * In which order the units of a site are drawn that reads its own value, as an autoregressive one does. A unit is an element, or a
 * one-hot group. That the probability of each depends on earlier ones alone is what makes the product over the units a distribution
 * (the chain rule), so it is decided here and not believed.
 */
import {
  broadcastOffsets,
  elementCount,
  resolveShape,
  type Instruction,
  type Program,
  type ValueId,
} from '@sbn/program';
import { addRow, bitsOf, emptyRow, meetsRow, rowOfBits } from '../bit-rows.js';
import { DISTRIBUTIONS } from '../distributions/index.js';
import type { GraphSite } from '../stochastic-graph.js';
import { dependenceOnUnits } from './unit-dependence.js';

/** Units side by side that do not depend on one another. */
export interface UnitRange {
  readonly start: number;
  readonly size: number;
}

export type UnitOrder =
  | { readonly kind: 'ordered'; readonly ranges: readonly UnitRange[] }
  /** The parameters of `unit` depend on the unit `on`, which is not before it: itself or a later one. */
  | { readonly kind: 'circular'; readonly unit: number; readonly on: number }
  /** The units are not in a row: a number, or an array of several axes. */
  | { readonly kind: 'shapeless' };

type OrderedSite = Pick<GraphSite, 'distribution' | 'elements' | 'elementShape' | 'value' | 'parameters'>;

/** `dependents` are the instructions of `forward` that depend on the site's value, which its parameters are among. */
export function orderUnits(forward: Program, site: OrderedSite, dependents: readonly Instruction[]): UnitOrder {
  const { eventAxes } = DISTRIBUTIONS[site.distribution];
  const [units = 1, ...others] = site.elementShape.slice(0, site.elementShape.length - eventAxes);
  if (site.elementShape.length !== eventAxes + 1 || others.length > 0) return { kind: 'shapeless' };
  const width = elementCount(site.elementShape.slice(1));
  const total = site.elements * units;
  const seen = dependenceOnUnits(forward, site.value, dependents, {
    unitOf: (element) => Math.floor(element / width),
    bits: total,
  });
  const whole = [site.elements, ...site.elementShape];
  const rows = Array.from({ length: total }, () => emptyRow(total));
  for (const parameter of Object.values(site.parameters)) {
    const found = seen.of(parameter);
    if (found === undefined) continue;
    broadcastOffsets(resolveShape(seen.shapeOf(parameter), 1), whole).forEach((offset, element) => {
      const row = found[offset];
      const target = rows[Math.floor(element / width)];
      if (row !== undefined && target !== undefined) addRow(target, row);
    });
  }
  const circle = findCircle(rows, units);
  return circle ?? { kind: 'ordered', ranges: joinRanges(rows, units, total) };
}

/** Units of one element of a plate are side by side, and no other element's may enter. */
function findCircle(rows: readonly Uint32Array[], units: number): UnitOrder | undefined {
  for (const [place, row] of rows.entries()) {
    const first = place - (place % units);
    const wrong = bitsOf(row).find((bit) => bit < first || bit >= place);
    if (wrong !== undefined) return { kind: 'circular', unit: place % units, on: wrong % units };
  }
  return undefined;
}

/** As many units at a time as do not depend on one another, in any element. */
function joinRanges(rows: readonly Uint32Array[], units: number, total: number): readonly UnitRange[] {
  const ranges: UnitRange[] = [];
  let start = 0;
  for (let unit = 1; unit <= units; unit += 1) {
    const open = Array.from({ length: unit - start }, (_, index) => start + index);
    const dependsOnOpen = (): boolean =>
      rows.some(
        (row, place) =>
          place % units === unit &&
          meetsRow(
            row,
            rowOfBits(
              open.map((of) => of + place - unit),
              total,
            ),
          ),
      );
    if (unit < units && !dependsOnOpen()) continue;
    ranges.push({ start, size: unit - start });
    start = unit;
  }
  return ranges;
}

/** The instructions that a site's parameters are computed by from its own value, in order. */
export function ownCone(dependents: readonly Instruction[], parameters: readonly ValueId[]): readonly Instruction[] {
  const needed = new Set(parameters);
  const cone = dependents.toReversed().filter(({ id, args }) => {
    if (!needed.has(id)) return false;
    for (const arg of args) needed.add(arg);
    return true;
  });
  return cone.toReversed();
}
