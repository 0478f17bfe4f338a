/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011). A block of four uint32 is a pure function of a counter
 * (four words) and a key (two words); there is no state.
 *
 * Products are built from 16-bit halves with `Math.imul`, so that everything stays an int32:
 * several times faster than going through doubles.
 */

/** The multipliers and their halves. */
export const M0 = 0xd2511f53;
export const M1 = 0xcd9e8d57;
const M0_HIGH = 0xd251;
const M0_LOW = 0x1f53;
const M1_HIGH = 0xcd9e;
const M1_LOW = 0x8d57;
/** What the key grows by each round: the golden ratio and √3 − 1. */
export const W0 = 0x9e3779b9;
export const W1 = 0xbb67ae85;
export const ROUNDS = 10;

/** Four uint32. */
export type PhiloxCounter = readonly [number, number, number, number];
/** Two uint32. */
export type PhiloxKey = readonly [number, number];

/**
 * Fills `target` with blocks of four words, the first for `counter`, each next one for a counter
 * whose first word is one more. What does not fit of the last block is dropped.
 */
export function fillPhilox(target: Uint32Array, counter: PhiloxCounter, key: PhiloxKey): void {
  const [first, c1, c2, c3] = counter;
  const [key0, key1] = key;
  const length = target.length;
  for (let start = 0, block = first; start < length; start += 4, block += 1) {
    let x0 = block | 0;
    let x1 = c1 | 0;
    let x2 = c2 | 0;
    let x3 = c3 | 0;
    let k0 = key0 | 0;
    let k1 = key1 | 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      // High words of M0·x0 and M1·x2. No partial sum here exceeds 2³² − 1, so none loses a carry.
      const low0 = x0 & 0xffff;
      const high0 = x0 >>> 16;
      const middle0 = (Math.imul(M0_HIGH, low0) + (Math.imul(M0_LOW, low0) >>> 16)) | 0;
      const cross0 = (Math.imul(M0_LOW, high0) + (middle0 & 0xffff)) | 0;
      const product0 = (Math.imul(M0_HIGH, high0) + (middle0 >>> 16) + (cross0 >>> 16)) | 0;
      const low1 = x2 & 0xffff;
      const high1 = x2 >>> 16;
      const middle1 = (Math.imul(M1_HIGH, low1) + (Math.imul(M1_LOW, low1) >>> 16)) | 0;
      const cross1 = (Math.imul(M1_LOW, high1) + (middle1 & 0xffff)) | 0;
      const product1 = (Math.imul(M1_HIGH, high1) + (middle1 >>> 16) + (cross1 >>> 16)) | 0;
      const next1 = Math.imul(M1, x2);
      const next3 = Math.imul(M0, x0);
      x0 = product1 ^ x1 ^ k0;
      x2 = product0 ^ x3 ^ k1;
      x1 = next1;
      x3 = next3;
      k0 = (k0 + W0) | 0;
      k1 = (k1 + W1) | 0;
    }
    // Writes past the end of a typed array are ignored, which drops the rest of the last block.
    target[start] = x0;
    target[start + 1] = x1;
    target[start + 2] = x2;
    target[start + 3] = x3;
  }
}
