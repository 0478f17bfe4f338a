/** The native engine takes sums of logarithms of probabilities for logarithms of products. */
import { BATCH, ProgramBuilder, type Program } from '@sbn/program';
import { describe, expect, test } from 'vitest';
import type { Engine, Values } from '../../src/engine.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { createNativeEngine } from '../../src/node/index.js';
import { writeOnnx } from '../../src/onnx/index.js';
import { isNativeInstalled, orSkipped } from '../native.js';

/** Σ softplus(x) as the compiler has it, over the last axis. */
function sumProgram(length: number, keep: boolean): Program {
  const builder = new ProgramBuilder('sums');
  const half = builder.constant(0.5);
  const s = builder.emit('sigmoid', [builder.input('data', 'x', [BATCH, length])], {});
  const larger = builder.add(half, builder.emit('abs', [builder.subtract(s, half)], {}));
  builder.output('mean', 'sum', builder.sum(builder.emit('log', [larger], {}), [1], keep));
  return builder.finish();
}

async function sumsOf(engine: Engine, program: Program, x: Float32Array): Promise<Values> {
  const prepared = await engine.prepare(program);
  const inputs = new Map([['data:x' as const, engine.upload(x, [2, x.length / 2])]]);
  const values = await (await prepared.run(inputs, 2)).get('mean:sum')?.download();
  prepared.dispose();
  return values ?? new Float32Array();
}

describe(`native${orSkipped}`, () => {
  test.skipIf(!isNativeInstalled).each([
    { length: 3, keep: false },
    { length: 97, keep: false },
    { length: 101, keep: false },
    { length: 200, keep: true },
    { length: 784, keep: false },
  ])('over $length, kept: $keep', async ({ length, keep }) => {
    const program = sumProgram(length, keep);
    // From logits near 0, where every factor is about a half, to those at which one of float32 is 1.
    const x = Float32Array.from({ length: 2 * length }, (_, place) => (place < length ? 1e-3 : 40) * Math.sin(place));
    const exact = await sumsOf(createReferenceEngine(), program, x);
    const actual = await sumsOf(await createNativeEngine(), program, x);
    expect(actual).toHaveLength(2);
    for (const [row, value] of exact.entries())
      expect(Math.abs((actual[row] ?? NaN) - value)).toBeLessThanOrEqual(1e-6 * length);
  });

  test.skipIf(!isNativeInstalled)('of logits that are infinite, or no numbers', async () => {
    const x = Float32Array.from({ length: 16 }, (_, place) =>
      place === 3 ? -Infinity : place === 12 ? NaN : Infinity,
    );
    const [first, second] = await sumsOf(await createNativeEngine(), sumProgram(8, false), x);
    expect(first).toBeCloseTo(0, 6);
    expect(second).toBeNaN();
  });
});

test.each([
  [784, true],
  [101, false],
  [3, false],
])('of %i logarithms, a product is taken: %s', (length, isTaken) => {
  const bytes = writeOnnx(sumProgram(length, false)).bytes;
  expect(new TextDecoder('latin1').decode(bytes).includes('ReduceProd')).toBe(isTaken);
});
