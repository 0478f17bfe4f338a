/** Tensors read index by index: slow, and independent of how the kernels calculate offsets. */
import { InternalError, type ReferenceTensor } from '../src/index.js';

/** Every index into `shape`, in row-major order. */
export function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, length) => prefixes.flatMap((prefix) => Array.from({ length }, (_, index) => [...prefix, index])),
    [[]],
  );
}

export function elementAt({ shape, values }: ReferenceTensor, index: readonly number[]): number {
  if (index.length !== shape.length) throw new InternalError(`${String(index.length)} of ${String(shape.length)} axes`);
  let offset = 0;
  for (const [axis, length] of shape.entries()) {
    const place = index[axis] ?? NaN;
    if (!(place >= 0 && place < length))
      throw new InternalError(`index ${String(place)} on an axis of ${String(length)}`);
    offset = offset * length + place;
  }
  return values[offset] ?? NaN;
}

/** The element that numpy broadcasting puts at `index`: aligned at the last axis, axes of 1 stretched. */
export function broadcastElementAt(tensor: ReferenceTensor, index: readonly number[]): number {
  const own = index.slice(index.length - tensor.shape.length);
  return elementAt(
    tensor,
    own.map((place, axis) => (tensor.shape[axis] === 1 ? 0 : place)),
  );
}

export function tensor(shape: readonly number[], values: readonly number[]): ReferenceTensor {
  return { shape, values: Float64Array.from(values) };
}
