import { isBatchDim, type Shape } from '@sbn/program';

/** Whether a shape that stretches to another has fewer elements, whatever B is but 1. */
export function isFewer(narrow: Shape, wide: Shape): boolean {
  const lead = wide.length - narrow.length;
  return wide.some((dim, axis) => {
    const own = axis < lead ? 1 : narrow[axis - lead];
    return own === 1 && (isBatchDim(dim) || dim > 1);
  });
}
