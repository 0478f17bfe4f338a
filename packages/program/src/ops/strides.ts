/** Where the elements of a row-major tensor lie; the one index calculation behind all layout kernels. */
import { at } from '../errors.js';

/** The number of elements of a tensor with this shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, length) => count * length, 1);
}

/** How far apart neighbours on each axis lie. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const length of shape.toReversed()) {
    strides.unshift(stride);
    stride *= length;
  }
  return strides;
}

/** `start + Σ index[axis] · strides[axis]` for every index into `shape`, in row-major order. */
export function offsetsOf(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  const offsets = new Int32Array(elementCount(shape)).fill(start);
  // One axis at a time: elements that share an index on `axis` form runs of `inner`.
  let inner = offsets.length;
  shape.forEach((length, axis) => {
    inner = length === 0 ? 0 : inner / length;
    const stride = at(strides, axis);
    if (stride === 0) return;
    for (let position = 0; position < offsets.length; position += 1) {
      offsets[position] = at(offsets, position) + stride * (Math.floor(position / inner) % length);
    }
  });
  return offsets;
}

/** For every element of `to`, the offset of the element of `from` that broadcasting puts there. */
export function broadcastOffsets(from: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(from).map((stride, axis) => (from[axis] === 1 ? 0 : stride));
  const lead = to.slice(from.length).map(() => 0);
  return offsetsOf(to, [...lead, ...strides]);
}

/** The elements of `values` at `offsets`. */
export function gather(values: Float64Array, offsets: Int32Array): Float64Array {
  return Float64Array.from(offsets, (offset) => at(values, offset));
}
