/** Newton's method for a tail probability's logarithm, kept inside a bracket. */

/** A step of Newton's that goes further says only in which direction to go. */
const LONGEST_STEP = 1e9;

const MOST_STEPS = 200;

/** The t at which an increasing function is 0; `f` gives its value and its slope. */
export function findRoot(f: (t: number) => readonly [value: number, slope: number], start: number): number {
  let [low, high] = [-Infinity, Infinity];
  let reach = 1;
  let t = start;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const [value, slope] = f(t);
    if (value === 0 || Number.isNaN(value)) return t;
    if (value < 0) low = t;
    else high = t;
    const newton = t - value / slope;
    let next = newton;
    if (!(newton > low && newton < high && Math.abs(newton - t) <= LONGEST_STEP)) {
      if (high - low < Infinity) next = low + (high - low) / 2;
      else {
        next = value < 0 ? t + reach : t - reach;
        reach *= 2;
      }
    }
    if (Math.abs(next - t) <= Number.EPSILON * Math.max(1, Math.abs(t))) return next;
    t = next;
  }
  return t;
}
