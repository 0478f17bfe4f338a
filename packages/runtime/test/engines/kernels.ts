import { ProgramBuilder, type OpKind } from '@sbn/program';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.js';
import { expectReference } from './compare.js';
import { KERNEL_TESTS } from './kernel-cases.js';

/** Every kernel of an engine against the reference interpreter; `named` is what its reports call it. */
export function describeKernels(backend: string, open: () => Promise<Engine>, named: RegExp): void {
  describe(`kernels on ${backend}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open();
    });

    it.each(Object.keys(KERNEL_TESTS) as OpKind[])('%s', async (kind) => {
      const { cases, tolerance } = KERNEL_TESTS[kind];
      await fc.assert(
        fc.asyncProperty(cases, (kernelCase) => expectReference(engine, kernelCase, tolerance)),
        { numRuns: 150, seed: 1 },
      );
    });

    it.each([
      ['all of it', [5000], [0]],
      ['a prime number of columns', [3, 10_007], [1]],
      ['a prime number of rows', [10_007, 3], [0]],
      ['rows and columns', [300, 400], [0, 1]],
      ['the middle', [2, 3000, 5], [1]],
      ['the outside', [50, 3, 60], [0, 2]],
    ])('keeps its digits in long sums: %s', async (_, shape, axes) => {
      const builder = new ProgramBuilder('sum');
      builder.output('mean', 'y', builder.sum(builder.input('data', 'x', shape), axes));
      const count = shape.reduce((product, n) => product * n, 1);
      const values = Array.from({ length: count }, (_, index) => Math.fround(0.1 + (index % 7) / 100));
      await expectReference(
        engine,
        { program: builder.finish(), batch: 1, inputs: [{ shape, values }] },
        { relative: 2e-6, absolute: 0 },
      );
    });

    it('passes NaN on in long rows, wherever it is', async () => {
      const kinds = ['relu', 'maximum', 'minimum', 'softplus', 'sum', 'max', 'log1p', 'sigmoid', 'sign'] as const;
      for (const kind of kinds) {
        const builder = new ProgramBuilder(kind);
        const x = builder.input('data', 'x', [101]);
        if (kind === 'sum' || kind === 'max')
          builder.output('mean', 'y', builder.emit(kind, [x], { axes: [0], keep: false }));
        else if (kind === 'maximum' || kind === 'minimum') {
          const half = builder.constant(0.5);
          builder.output('mean', 'first', builder.emit(kind, [x, half], {}));
          builder.output('mean', 'second', builder.emit(kind, [half, x], {}));
        } else builder.output('mean', 'y', builder.emit(kind, [x], {}));
        const program = builder.finish();
        for (const place of [0, 1, 50, 99, 100]) {
          const values = Array.from({ length: 101 }, (_, index) => (index === place ? NaN : 0.5));
          await expectReference(
            engine,
            { program, batch: 1, inputs: [{ shape: [101], values }] },
            { relative: 1e-6, absolute: 2e-7 },
          );
        }
      }
    });

    it.each([
      ['single columns', [1, 1, 1]],
      ['narrow ones', [1, 3, 4, 0]],
      ['wider ones', [2, 5]],
    ])('puts many rows side by side: %s', async (_, widths) => {
      const builder = new ProgramBuilder('concat');
      const parts = widths.map((width, place) => builder.input('data', `x${String(place)}`, [40, 50, width]));
      builder.output('mean', 'y', builder.emit('concat', parts, { axis: 2 }));
      const inputs = widths.map((width, place) => ({
        shape: [40, 50, width],
        values: Array.from({ length: 2000 * width }, (__, index) => index + place / 8),
      }));
      await expectReference(engine, { program: builder.finish(), batch: 1, inputs }, 'exact');
    });

    it('matches at sizes that fill vector registers', async () => {
      const builder = new ProgramBuilder('dense');
      const x = builder.input('data', 'x', [37, 129]);
      const w = builder.input('data', 'w', [129, 65]);
      builder.output('mean', 'y', builder.add(builder.matmul(x, w), builder.input('data', 'b', [65])));
      const fill = (shape: readonly number[], phase: number) => ({
        shape,
        values: Array.from({ length: shape.reduce((p, n) => p * n, 1) }, (_, index) =>
          Math.fround(Math.sin(index * 1.7 + phase)),
        ),
      });
      const inputs = [fill([37, 129], 0), fill([129, 65], 1), fill([65], 2)];
      await expectReference(engine, { program: builder.finish(), batch: 1, inputs }, { ofMagnitude: 3e-7 });
    });

    it('computes on the backend that was asked for, and says so', () => {
      expect(engine.backend).toMatch(named);
    });
  });
}
