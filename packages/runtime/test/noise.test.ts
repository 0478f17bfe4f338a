import { describe, expect, it } from 'vitest';
import { SettingsError } from '../src/errors.js';
import { fillNormals, fillUniforms, hashName, noiseKey, shuffledOrder, toUniform } from '../src/noise/noise.js';
import { fillPhilox, type PhiloxCounter, type PhiloxKey } from '../src/noise/philox.js';

function block(counter: PhiloxCounter, key: PhiloxKey): string[] {
  const words = new Uint32Array(4);
  fillPhilox(words, counter, key);
  return Array.from(words, (word) => word.toString(16).padStart(8, '0'));
}

describe('Philox4x32-10', () => {
  // The known-answer vectors that are published with Random123 (kat_vectors, philox4x32 10).
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], words: '6627e8d5 e169c58d bc57ac4c 9b00dbd8' },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      words: '408f276d 41c83b0e a20bc7c6 6d5451fd',
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: 'd16cfe09 94fdcceb 5001e420 24126ea1',
    },
  ] as { counter: [number, number, number, number]; key: [number, number]; words: string }[])(
    'gives the published words for counter $counter',
    ({ counter, key, words }) => {
      expect(block(counter, key).join(' ')).toBe(words);
    },
  );

  it('counts blocks in the first word, and drops what does not fit', () => {
    const words = new Uint32Array(10);
    fillPhilox(words, [7, 1, 2, 3], [4, 5]);
    const hex = Array.from(words, (word) => word.toString(16).padStart(8, '0'));
    expect(hex).toEqual(
      [...block([7, 1, 2, 3], [4, 5]), ...block([8, 1, 2, 3], [4, 5]), ...block([9, 1, 2, 3], [4, 5])].slice(0, 10),
    );
  });
});

describe('keyed noise', () => {
  const place = { row: 0, step: 3, draw: 1 };

  it('gives a row the same uniforms however rows are split into batches', () => {
    const key = noiseKey(5, 'train/h1');
    const whole = new Float32Array(10 * 7);
    fillUniforms(whole, 7, key, place);
    const first = new Float32Array(4 * 7);
    const second = new Float32Array(6 * 7);
    fillUniforms(first, 7, key, place);
    fillUniforms(second, 7, key, { ...place, row: 4 });
    expect([...first, ...second]).toEqual([...whole]);
  });

  it.each([1, 3, 4, 5, 16, 17, 63, 64, 65, 200, 16_351, 16_352, 16_353])(
    'is what the words of the generator are, in rows of %i',
    (width) => {
      const key = noiseKey(4294967295, 'train/h1');
      // Four words of the counter that each pass the largest, or come close to it.
      const far = { row: 4294967294, step: 2 ** 31 + 5, draw: 4294967295 };
      // More of them than fit into a page of memory.
      const rows = Math.max(3, Math.ceil(20_000 / width));
      const uniforms = new Float32Array(rows * width);
      fillUniforms(uniforms, width, key, far);
      const expected = Array.from({ length: rows }, (_, row) => {
        const words = new Uint32Array(width);
        fillPhilox(words, [0, (far.row + row) >>> 0, far.step, far.draw], key);
        return Array.from(words, toUniform);
      });
      expect([...uniforms]).toEqual(expected.flat());
    },
  );

  it.each([
    ['seed', noiseKey(6, 'train/h1'), place],
    ['stream', noiseKey(5, 'train/h2'), place],
    ['row', noiseKey(5, 'train/h1'), { ...place, row: 1 }],
    ['step', noiseKey(5, 'train/h1'), { ...place, step: 4 }],
    ['draw', noiseKey(5, 'train/h1'), { ...place, draw: 2 }],
  ])('differs by %s', (_, key, elsewhere) => {
    const one = new Float32Array(8);
    const other = new Float32Array(8);
    fillUniforms(one, 8, noiseKey(5, 'train/h1'), place);
    fillUniforms(other, 8, key, elsewhere);
    expect([...one].filter((value) => other.includes(value))).toEqual([]);
  });

  it('stays strictly inside (0, 1) in float32, at both ends of the grid', () => {
    expect(Math.fround(toUniform(0))).toBe(2 ** -24);
    expect(Math.fround(toUniform(0xffffffff))).toBe(1 - 2 ** -24);
    const uniforms = new Float32Array(2 ** 22);
    fillUniforms(uniforms, uniforms.length, noiseKey(1, 'range'), place);
    let [low, high, sum, square] = [1, 0, 0, 0];
    for (const value of uniforms) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value - 0.5;
      square += (value - 0.5) ** 2;
    }
    const n = uniforms.length;
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(1e-5);
    expect(high).toBeLessThan(1);
    expect(high).toBeGreaterThan(1 - 1e-5);
    // Five standard errors: of the mean √(1/12n), of the variance √(1/180n).
    expect(Math.abs(sum / n)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(square / n - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  });

  it('draws standard normals', () => {
    const normals = new Float32Array(2 ** 20 + 1);
    fillNormals(normals, noiseKey(0, 'initialize/w'), { row: 0, step: 0, draw: 0 });
    const n = normals.length;
    const moment = (power: number): number => normals.reduce((sum, value) => sum + value ** power, 0) / n;
    // Five standard errors of each moment: variances of x, x², x³ and x⁴ are 1, 2, 15 and 96.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    expect(normals[n - 1]).not.toBe(0);
  });

  it('takes seed 0, and refuses what is no uint32', () => {
    expect(noiseKey(0, 'shuffle')[0]).toBe(0);
    expect(noiseKey(4294967295, 'shuffle')[0]).toBe(4294967295);
    for (const seed of [-1, 0.5, 2 ** 32, NaN, Infinity]) {
      expect(() => noiseKey(seed, 'shuffle')).toThrow(SettingsError);
    }
  });

  it('hashes names apart', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `train/h[${String(index)}]`);
    expect(new Set(names.map(hashName)).size).toBe(names.length);
  });
});

describe('shuffling', () => {
  it('permutes, differently for each epoch and seed, the same when asked again', () => {
    const key = noiseKey(0, 'shuffle');
    const order = shuffledOrder(100, key, 0);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect([...shuffledOrder(100, key, 0)]).toEqual([...order]);
    expect([...shuffledOrder(100, key, 1)]).not.toEqual([...order]);
    expect([...shuffledOrder(100, noiseKey(1, 'shuffle'), 0)]).not.toEqual([...order]);
    expect(shuffledOrder(0, key, 0).length).toBe(0);
  });

  it('gives each of the six orders of three its share', () => {
    const counts = new Map<string, number>();
    const trials = 60_000;
    for (let epoch = 0; epoch < trials; epoch += 1) {
      const order = shuffledOrder(3, noiseKey(2, 'shuffle'), epoch).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // χ² with five degrees of freedom passes 25.7 once in ten thousand.
    const expected = trials / 6;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(25.7);
  });
});

describe('uniforms by WebAssembly', () => {
  const key = noiseKey(0xdeadbeef, 'train/h1');

  it.each([
    [1, 1],
    [5, 1],
    [7, 3],
    [4, 200],
    [300, 200],
    [3, 8000],
    [2, 16_380],
    [2, 16_381],
    [1, 50_000],
  ])('are those of the generator, word for word: %i rows of %i', (rows, width) => {
    const place = { row: 0xfffffffe, step: 123_456, draw: 7 };
    const uniforms = new Float32Array(rows * width);
    fillUniforms(uniforms, width, key, place);
    const words = new Uint32Array(width);
    for (let row = 0; row < rows; row += 1) {
      fillPhilox(words, [0, place.row + row, place.step, place.draw], key);
      const expected = Float32Array.from(words, toUniform);
      expect(uniforms.subarray(row * width, (row + 1) * width)).toEqual(expected);
    }
  });
});
