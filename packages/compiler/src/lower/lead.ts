/**
 * The axis in front. A value that differs between rows, or between elements of plates, has one axis in front of its own for both
 * together, rows first and then plates from the outermost: `[B, …]` outside of plates, `[5·B, …]` in a plate of five, `[5, …]` for
 * what the rows share there. A value that differs in none of them has no such axis, and is broadcast.
 */
import { at, BATCH, InternalError, type Dim, type ProgramBuilder, type Shape, type ValueId } from '@sbn/program';
import { joinPlates } from '../check/typed.js';
import type { Plate } from '../typed-model.js';

/** What a value differs in. */
export interface Lead {
  readonly batched: boolean;
  /** Outermost first. */
  readonly plates: readonly Plate[];
}

/** A value of the program with the shape of one element of one row. */
export interface Lowered extends Lead {
  readonly value: ValueId;
  readonly shape: readonly number[];
}

export const NO_LEAD: Lead = { batched: false, plates: [] };

/** Of what differs between rows, outside of plates. */
export const ROWS: Lead = { batched: true, plates: [] };

export function hasLead({ batched, plates }: Lead): boolean {
  return batched || plates.length > 0;
}

/** How many elements of the plates each row has. */
export function countElements({ plates }: Lead): number {
  return plates.reduce((product, { size }) => product * size, 1);
}

/** The axis in front: a multiple of `B`, or of 1 where rows do not differ. */
export function leadAxis(lead: Lead): Dim {
  const elements = countElements(lead);
  return lead.batched ? { batch: elements } : elements;
}

export function fullShape(lowered: Lead & { readonly shape: readonly number[] }): Shape {
  return hasLead(lowered) ? [leadAxis(lowered), ...lowered.shape] : lowered.shape;
}

export function joinLeads(leads: readonly Lead[]): Lead {
  return { batched: leads.some(({ batched }) => batched), plates: joinPlates(leads.map(({ plates }) => plates)) };
}

/** The value with all of the axis that `lead` has in front, stretched where it differs in less. */
export function stretch(builder: ProgramBuilder, arg: Lowered, lead: Lead): Lowered {
  const result = { ...lead, shape: arg.shape };
  const isSame = arg.batched === lead.batched && arg.plates.length === lead.plates.length;
  if (isSame && hasLead(lead)) return arg;
  if (!hasLead(arg) || lead.plates.length === 0) {
    return { ...result, value: builder.broadcast(arg.value, fullShape(result)) };
  }
  const apart: Dim[] = [arg.batched ? BATCH : 1];
  const wide: Dim[] = [lead.batched ? BATCH : 1];
  for (const plate of lead.plates) {
    apart.push(arg.plates.includes(plate) ? plate.size : 1);
    wide.push(plate.size);
  }
  const spread = builder.broadcast(builder.reshape(arg.value, [...apart, ...arg.shape]), [...wide, ...arg.shape]);
  return { ...result, value: builder.reshape(spread, fullShape(result)) };
}

/** An axis of a value becomes elements of a plate. */
export function takeElements(builder: ProgramBuilder, arg: Lowered, plate: Plate, axis: number): Lowered {
  const shape = arg.shape.filter((_, other) => other !== axis);
  const plates = joinPlates([arg.plates, [plate]]);
  const result = { batched: arg.batched, plates, shape };
  const place = plates.indexOf(plate);
  // The axes in front one by one, with the plate's among them: it moves there from behind them.
  const lead: readonly Dim[] = [arg.batched ? BATCH : 1, ...arg.plates.map(({ size }) => size)];
  const from = lead.length + axis;
  const to = 1 + place;
  if (from === to) return { ...result, value: builder.reshape(arg.value, fullShape(result)) };
  const apart = builder.reshape(arg.value, [...lead, ...arg.shape]);
  const axes = [...lead, ...arg.shape].map((_, index) => index).filter((index) => index !== from);
  const moved = builder.transpose(apart, [...axes.slice(0, to), from, ...axes.slice(to)]);
  return { ...result, value: builder.reshape(moved, fullShape(result)) };
}

/** Elements of the innermost plates as axes of the value, outermost first. */
export function gatherElements(builder: ProgramBuilder, arg: Lowered, plates: readonly Plate[]): Lowered {
  const outer = arg.plates.slice(0, arg.plates.length - plates.length);
  if (!plates.every((plate, place) => at(arg.plates, outer.length + place) === plate)) {
    throw new InternalError('only the innermost plates can be gathered');
  }
  const result = { batched: arg.batched, plates: outer, shape: [...plates.map(({ size }) => size), ...arg.shape] };
  return { ...result, value: builder.reshape(arg.value, fullShape(result)) };
}
