import { describe, expect, test } from 'vitest';
import { gaussLegendre } from '../src/verification/gauss-legendre.js';

const integrate = (count: number, f: (x: number) => number): number =>
  gaussLegendre(count).reduce((sum, { at, weight }) => sum + weight * f(at), 0);

const factorial = (n: number): number => Array.from({ length: n }, (_, k) => k + 1).reduce((a, b) => a * b, 1);

test('a few nodes that are known', () => {
  expect(gaussLegendre(1)).toEqual([{ at: 0.5, weight: 1 }]);
  const [first, second, third] = gaussLegendre(3).toSorted((a, b) => a.at - b.at);
  expect(first?.at).toBeCloseTo((1 - Math.sqrt(3 / 5)) / 2, 15);
  expect(first?.weight).toBeCloseTo(5 / 18, 15);
  expect(second?.at).toBeCloseTo(0.5, 15);
  expect(second?.weight).toBeCloseTo(4 / 9, 15);
  expect(third?.at).toBeCloseTo((1 + Math.sqrt(3 / 5)) / 2, 15);
});

describe.each([1, 2, 3, 5, 6, 12, 24])('%d nodes', (count) => {
  test('lie in (0, 1), in pairs around its middle, with positive weights of sum 1', () => {
    const nodes = gaussLegendre(count);
    expect(new Set(nodes.map(({ at }) => at)).size).toBe(count);
    nodes.forEach(({ at, weight }, index) => {
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThan(1);
      expect(weight).toBeGreaterThan(0);
      const mirrored = nodes[count - 1 - index];
      expect(at + (mirrored?.at ?? NaN)).toBeCloseTo(1, 14);
      expect(weight).toBeCloseTo(mirrored?.weight ?? NaN, 14);
    });
    expect(integrate(count, () => 1)).toBeCloseTo(1, 14);
  });

  test('are exact for every power below 2n', () => {
    for (let power = 0; power < 2 * count; power += 1) {
      expect(Math.abs(integrate(count, (x) => x ** power) - 1 / (power + 1))).toBeLessThan(1e-14);
    }
  });
});

/** The error of x²ⁿ is (n!)⁴ / ((2n + 1) (2n)!²). */
test.each([1, 2, 3, 4, 5, 6])('%d nodes are not exact beyond that', (count) => {
  const error = factorial(count) ** 4 / ((2 * count + 1) * factorial(2 * count) ** 2);
  expect(1 / (2 * count + 1) - integrate(count, (x) => x ** (2 * count))).toBeCloseTo(error, 14);
});

test.each([
  ['e^x', Math.exp, Math.E - 1],
  ['1/(1 + x)', (x: number) => 1 / (1 + x), Math.LN2],
  ['cos(3x)', (x: number) => Math.cos(3 * x), Math.sin(3) / 3],
  ['1/(1 + x²)', (x: number) => 1 / (1 + x * x), Math.PI / 4],
] as const)('the integral of %s', (_, f, value) => {
  expect(integrate(12, f)).toBeCloseTo(value, 13);
});
