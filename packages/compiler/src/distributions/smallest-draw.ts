/** Draws of what is positive are no less: float32 would call them 0, which has no density. */
export const SMALLEST_DRAW = 1e-37;
