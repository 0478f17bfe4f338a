/**
 * Values per row and values per element of a plate. A value of a site in a plate has m·B in front, and so have its log-probability
 * and its learning signal; a cost per row, `[B]`, has one number for all elements of the row. Elements of a row are side by side, so a
 * value at level ℓ, where ℓ divides m, has one number for each block of m/ℓ of them.
 */
import { InternalError, isBatchDim, type BatchDim, type ProgramBuilder, type ValueId } from '@sbn/program';

/** m of a value `[m·B, …]`. */
export function elementsOf(builder: ProgramBuilder, value: ValueId): number {
  const dim = builder.shapeOf(value)[0];
  if (dim === undefined || !isBatchDim(dim)) throw new InternalError(`%${String(value)} has no rows`);
  return dim.batch;
}

/** `[m·B]` → `[ℓ·B]`: the sum over each block. */
export function sumElements(builder: ProgramBuilder, value: ValueId, level: number): ValueId {
  const elements = elementsOf(builder, value);
  if (elements === level) return value;
  return builder.sum(builder.reshape(value, [{ batch: level }, elements / level]), [1]);
}

/** `[ℓ·B]` → `[m·B]`: the number of its block for each element. */
export function repeatElements(builder: ProgramBuilder, value: ValueId, elements: number): ValueId {
  const level = elementsOf(builder, value);
  if (elements === level) return value;
  const axis = { batch: level };
  const wide = builder.broadcast(builder.reshape(value, [axis, 1]), [axis, elements / level]);
  return builder.reshape(wide, [{ batch: elements }]);
}

/** `[k·B]` → `[m·B]`: the sum over each block at level ℓ, which divides both, for each of its elements. */
export function regroup(builder: ProgramBuilder, value: ValueId, level: number, elements: number): ValueId {
  return repeatElements(builder, sumElements(builder, value, level), elements);
}

/**
 * What `regroup` was given, as far as the program shows it: a value that is no such sum stands for itself. A value that is `whole` may be
 * a sum of its own, and is not taken apart.
 */
export function ungroup(
  builder: ProgramBuilder,
  value: ValueId,
  whole: { readonly has: (value: ValueId) => boolean },
): { readonly value: ValueId; readonly level: number } {
  if (whole.has(value)) return { value, level: elementsOf(builder, value) };
  const unrepeated = unrepeat(builder, value);
  const level = elementsOf(builder, unrepeated);
  return { value: whole.has(unrepeated) ? unrepeated : unsum(builder, unrepeated), level };
}

function unrepeat(builder: ProgramBuilder, value: ValueId): ValueId {
  const wide = argumentOf(builder, value, 'reshape');
  const narrow = wide === undefined ? undefined : argumentOf(builder, wide, 'broadcast');
  const level = narrow === undefined ? undefined : argumentOf(builder, narrow, 'reshape');
  if (level === undefined || wide === undefined || builder.shapeOf(level).length !== 1) return value;
  const [axis, ...others] = builder.shapeOf(wide);
  const isRepeated =
    others.length === 1 && axis !== undefined && isBatchDim(axis) && axis.batch === elementsOf(builder, level);
  return isRepeated ? level : value;
}

function unsum(builder: ProgramBuilder, value: ValueId): ValueId {
  const apart = argumentOf(builder, value, 'sum');
  if (apart === undefined) return value;
  const [axis] = builder.shapeOf(apart);
  const whole = argumentOf(builder, apart, 'reshape');
  if (whole === undefined || builder.shapeOf(whole).length !== 1 || axis === undefined || !isBatchDim(axis))
    return value;
  return builder.shapeOf(apart).length === 2 ? whole : value;
}

function argumentOf(builder: ProgramBuilder, value: ValueId, kind: string): ValueId | undefined {
  const definition = builder.definition(value);
  return !('role' in definition) && definition.kind === kind ? definition.args[0] : undefined;
}

/** The sum over the elements of every row: `[m·B]` → `[B]`. */
export function sumToRows(builder: ProgramBuilder, value: ValueId): ValueId {
  return sumElements(builder, value, 1);
}

/** The mean over rows and elements, `[m·B]` → `[]`. */
export function meanOfElements(builder: ProgramBuilder, value: ValueId): ValueId {
  const elements = elementsOf(builder, value);
  const mean = builder.meanRows(sumToRows(builder, value));
  return elements === 1 ? mean : builder.multiply(builder.constant(1 / elements), mean);
}

/** The axis in front of the values of a site. */
export function leadOf({ elements }: { readonly elements: number }): BatchDim {
  return { batch: elements };
}
