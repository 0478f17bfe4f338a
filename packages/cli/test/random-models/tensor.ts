/** Tensors of an evaluation in which every element is computed by itself. */

export interface Tensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: readonly number[];
}

/** The tensor whose element at each index is `element(index)`. */
export function tabulate(shape: readonly number[], element: (index: readonly number[]) => number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, place) => {
    let rest = place;
    const index = shape
      .toReversed()
      .map((size) => {
        const digit = rest % size;
        rest = Math.floor(rest / size);
        return digit;
      })
      .toReversed();
    return element(index);
  });
  return { shape, values };
}

/** The element at an index of at least as many axes, aligned at the last as numpy has it; an axis of 1 stretches. */
export function read({ shape, values }: Tensor, index: readonly number[]): number {
  const front = index.length - shape.length;
  const place = shape.reduce(
    (offset, size, axis) => offset * size + (size === 1 ? 0 : (index[front + axis] ?? NaN)),
    0,
  );
  return values[place] ?? NaN;
}

/** The elements along some axes, at an index of the others. */
export function elementsAlong(tensor: Tensor, axes: readonly number[], rest: readonly number[]): readonly number[] {
  const inner = tabulate(
    axes.map((axis) => tensor.shape[axis] ?? NaN),
    (chosen) => {
      let next = 0;
      const index = tensor.shape.map((_, axis) => {
        const place = axes.indexOf(axis);
        if (place >= 0) return chosen[place] ?? NaN;
        next += 1;
        return rest[next - 1] ?? NaN;
      });
      return read(tensor, index);
    },
  );
  return inner.values;
}

export function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** log Σ exp, of any numbers. */
export function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(sum(values.map((value) => Math.exp(value - largest))));
}
