/**
 * What the draws of one row say of an estimator at one site. Per draw there are its gradient G and the score
 * s = ∂ log p, vectors of `width`; E[s] = 0, so that G − c·s has the mean of G for every centre c.
 */
import { at } from '@sbn/program';
import type { Values } from '../engine.js';

/** Of one row. */
export interface RowStatistics {
  /** tr Cov(G), tr Cov(G, s) and tr Cov(s), without bias: the variance with centre c is `a − 2cb + c²d`. */
  readonly a: number;
  readonly b: number;
  readonly d: number;
  /** The variance with the row's own best centre, b/d. */
  readonly leastVariance: number;
  /** ‖E[G]‖². Without bias, so that it can come out below zero. */
  readonly meanSquare: number;
}

/** Draws are dealt to this many blocks. */
const BLOCKS = 5;

/** The fewest draws that leave two where a block is left out. */
export const FEWEST_DRAWS = 4;

export class RowMoments {
  readonly #blocks: readonly Block[];
  #draws = 0;

  constructor(width: number) {
    this.#blocks = Array.from({ length: BLOCKS }, () => new Block(width));
  }

  /** A draw with G = `factor` · `gradients` and s = `scores`, both from `start` on. */
  add(gradients: Values, factor: number, scores: Values, start: number): void {
    at(this.#blocks, this.#draws % BLOCKS).add(gradients, factor, scores, start);
    this.#draws += 1;
  }

  /**
   * The best centre comes from the draws that it is judged by, and a squared mean has the noise of its mean in it: biases of
   * the order of 1/n, which a jackknife over the blocks removes. Requires `FEWEST_DRAWS`.
   */
  statistics(): RowStatistics {
    const blocks = this.#blocks.filter(({ draws }) => draws > 0);
    const whole = summarize(blocks);
    const parts = blocks.map((_, left) => summarize(blocks.filter((__, index) => index !== left)));
    const mean = (valueOf: (part: Summary) => number): number =>
      parts.reduce((sum, part) => sum + valueOf(part), 0) / parts.length;
    // Where the bias is β/n, this multiple of the difference between the whole and the parts is what it is off by.
    const share = 1 / (whole.draws * mean(({ draws }) => 1 / draws) - 1);
    const unbiased = (valueOf: (part: Summary) => number): number =>
      valueOf(whole) + share * (valueOf(whole) - mean(valueOf));
    const { a, b, d } = whole;
    return {
      ...{ a, b, d },
      leastVariance: unbiased(({ leastVariance }) => leastVariance),
      meanSquare: unbiased(({ meanSquare }) => meanSquare),
    };
  }
}

/** Sums over draws: Σ‖G‖², Σ⟨G, s⟩, Σ‖s‖², ΣG and Σs. */
class Block {
  draws = 0;
  gg = 0;
  gs = 0;
  ss = 0;
  readonly gradients: Float64Array;
  readonly scores: Float64Array;

  constructor(width: number) {
    this.gradients = new Float64Array(width);
    this.scores = new Float64Array(width);
  }

  add(gradients: Values, factor: number, scores: Values, start: number): void {
    // `?? NaN` is for the type checker: the loop stays within its arrays.
    for (let element = 0; element < this.scores.length; element += 1) {
      const gradient = factor * (gradients[start + element] ?? NaN);
      const score = scores[start + element] ?? NaN;
      this.gg += gradient * gradient;
      this.gs += gradient * score;
      this.ss += score * score;
      this.gradients[element] = (this.gradients[element] ?? NaN) + gradient;
      this.scores[element] = (this.scores[element] ?? NaN) + score;
    }
    this.draws += 1;
  }
}

/** As in `RowStatistics`, but with biases of the order of 1/n in the last two. */
interface Summary extends RowStatistics {
  readonly draws: number;
}

function summarize(blocks: readonly Block[]): Summary {
  const total = (valueOf: (block: Block) => number): number => blocks.reduce((sum, block) => sum + valueOf(block), 0);
  const gradients = addUp(blocks.map((block) => block.gradients));
  const scores = addUp(blocks.map((block) => block.scores));
  const n = total(({ draws }) => draws);
  const [gg, gs, ss] = [dot(gradients, gradients), dot(gradients, scores), dot(scores, scores)];
  const a = (total((block) => block.gg) - gg / n) / (n - 1);
  const b = (total((block) => block.gs) - gs / n) / (n - 1);
  const d = (total((block) => block.ss) - ss / n) / (n - 1);
  // Where every unit is saturated there is no score, and nothing to centre.
  const centre = d === 0 ? 0 : b / d;
  // Of the centred gradient, which has the same mean and is known better.
  const meanSquare = (gg - 2 * centre * gs + centre * centre * ss) / (n * n);
  return { draws: n, a, b, d, leastVariance: a - centre * b, meanSquare };
}

function addUp(vectors: readonly Float64Array[]): Float64Array {
  return at(vectors, 0).map((_, element) => vectors.reduce((sum, vector) => sum + (vector[element] ?? NaN), 0));
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, element) => sum + value * (right[element] ?? NaN), 0);
}
