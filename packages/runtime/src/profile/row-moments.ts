/**
 * What the draws of one row say of an estimator at one site. Per draw there are its gradient G and the score
 * s = ∂ log p, vectors of `width`; E[s] = 0, so that G − c·s has the mean of G for every centre c.
 */
import type { Values } from '../engine.js';

/** Of one row. */
export interface RowStatistics {
  /** tr Cov(G), tr Cov(G, s) and tr Cov(s), unbiased: the variance with centre c is `a − 2cb + c²d`. */
  readonly a: number;
  readonly b: number;
  readonly d: number;
  /** Means over the draws of ⟨G, s⟩ and ‖s‖²: their ratio is the centre that leaves the least variance. */
  readonly cross: number;
  readonly score: number;
  /** The variance with the row's own best centre. */
  readonly leastVariance: number;
  /** ‖E[G]‖². Without bias, so that it can come out below zero. */
  readonly meanSquare: number;
}

export class RowMoments {
  readonly #gradientSum: Float64Array;
  readonly #scoreSum: Float64Array;
  #draws = 0;
  /** Σ‖G‖², and of b = ⟨G, s⟩ and q = ‖s‖²: Σb, Σq, Σb², Σbq, Σq². */
  #gg = 0;
  #b = 0;
  #q = 0;
  #bb = 0;
  #bq = 0;
  #qq = 0;

  constructor(width: number) {
    this.#gradientSum = new Float64Array(width);
    this.#scoreSum = new Float64Array(width);
  }

  /** A draw with G = `factor` · `gradients` and s = `scores`, both from `start` on. */
  add(gradients: Values, factor: number, scores: Values, start: number): void {
    let gg = 0;
    let b = 0;
    let q = 0;
    const width = this.#scoreSum.length;
    // `?? NaN` is for the type checker: the loop stays within its arrays.
    for (let unit = 0; unit < width; unit += 1) {
      const gradient = factor * (gradients[start + unit] ?? NaN);
      const score = scores[start + unit] ?? NaN;
      gg += gradient * gradient;
      b += gradient * score;
      q += score * score;
      this.#gradientSum[unit] = (this.#gradientSum[unit] ?? NaN) + gradient;
      this.#scoreSum[unit] = (this.#scoreSum[unit] ?? NaN) + score;
    }
    this.#draws += 1;
    this.#gg += gg;
    this.#b += b;
    this.#q += q;
    this.#bb += b * b;
    this.#bq += b * q;
    this.#qq += q * q;
  }

  /** Of two draws at least. */
  statistics(): RowStatistics {
    const n = this.#draws;
    const gradientSquare = dot(this.#gradientSum, this.#gradientSum);
    const sumsCross = dot(this.#gradientSum, this.#scoreSum);
    const scoreSquare = dot(this.#scoreSum, this.#scoreSum);
    const a = (this.#gg - gradientSquare / n) / (n - 1);
    const b = (this.#b - sumsCross / n) / (n - 1);
    const d = (this.#q - scoreSquare / n) / (n - 1);
    // Where every unit is saturated there is no score, and nothing to centre.
    const centre = this.#q === 0 ? 0 : this.#b / this.#q;
    const variance = a - 2 * centre * b + centre * centre * d;
    /*
     * The centre comes from the same draws, so the variance around it is too small by E[(ĉ − c)²] E[q], which is
     * E[e²] / (n E[q]) with e = b − cq, a draw's share in the error of ĉ.
     */
    const errors = this.#bb - 2 * centre * this.#bq + centre * centre * this.#qq;
    const lost = this.#q === 0 ? 0 : errors / ((n - 1) * this.#q);
    const sumSquare = gradientSquare - 2 * centre * sumsCross + centre * centre * scoreSquare;
    return {
      a,
      b,
      d,
      cross: this.#b / n,
      score: this.#q / n,
      leastVariance: variance + lost,
      // Of the centred gradient, which has the same mean and is known better.
      meanSquare: sumSquare / (n * n) - variance / n,
    };
  }
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? NaN), 0);
}
