/** That the random cases, which every engine's kernels are held against, have in them what kernels go wrong on. */
import { isElementwise, OPS, resolveShape, type OpKind } from '@sbn/program';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { KERNEL_TESTS, type KernelCase } from './kernel-cases.js';

const KINDS = Object.keys(KERNEL_TESTS) as OpKind[];

/** The same as `kernels.ts` runs. */
const casesOf = (kind: OpKind): readonly KernelCase[] =>
  fc.sample<KernelCase>(KERNEL_TESTS[kind].cases, { numRuns: 150, seed: 1 });

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

function resultOf({ program, batch }: KernelCase): readonly number[] {
  return resolveShape(program.instructions.at(-1)?.shape ?? [], batch);
}

const isStretched = (kernelCase: KernelCase): boolean =>
  kernelCase.inputs.some(({ shape }) => shape.join() !== resultOf(kernelCase).join());

test('every operation has its cases', () => {
  expect(KINDS.sort()).toEqual(Object.keys(OPS).sort());
});

describe.each(KINDS.filter((kind) => kind !== 'constant' && kind !== 'batch_size'))('%s', (kind) => {
  const cases = casesOf(kind);

  it('meets empty axes, axes of 1, and scalars or single rows', () => {
    const shapes = cases.flatMap(({ inputs }) => inputs.map(({ shape }) => shape));
    expect(shapes.filter((shape) => shape.includes(0)).length).toBeGreaterThan(10);
    expect(shapes.filter((shape) => shape.length > 1 && shape.includes(1)).length).toBeGreaterThan(10);
    expect(shapes.filter((shape) => sizeOf(shape) === 1).length).toBeGreaterThan(3);
    expect(cases.filter((kernelCase) => sizeOf(resultOf(kernelCase)) > 1).length).toBeGreaterThan(30);
  });

  if (isElementwise(kind) && (cases[0]?.inputs.length ?? 0) > 1) {
    it('meets operands that are stretched, to something and to nothing', () => {
      const stretched = cases.filter(isStretched);
      expect(stretched.filter((kernelCase) => sizeOf(resultOf(kernelCase)) > 1).length).toBeGreaterThan(20);
      expect(stretched.filter((kernelCase) => sizeOf(resultOf(kernelCase)) === 0).length).toBeGreaterThan(5);
    });
  }

  if (['sum', 'max', 'matmul', 'concat', 'pad'].includes(kind)) {
    it('makes something of nothing', () => {
      const made = cases.filter(
        (kernelCase) => kernelCase.inputs.some(({ shape }) => sizeOf(shape) === 0) && sizeOf(resultOf(kernelCase)) > 0,
      );
      expect(made.length).toBeGreaterThan(5);
    });
  }
});
