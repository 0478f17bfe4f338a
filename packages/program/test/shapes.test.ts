import { describe, expect, it } from 'vitest';
import {
  addDims,
  BATCH,
  broadcastShapes,
  formatShape,
  inferShape,
  ProgramBuilder,
  ProgramError,
  smoothnessOf,
  subtractDims,
  type AttributesOf,
  type OpKind,
  type Shape,
} from '../src/index.js';

const TWO_B = { batch: 2 };

/** The inferred shape as it is printed, or the reason why there is none. */
function infer<K extends OpKind>(kind: K, operands: readonly Shape[], attributes: AttributesOf<K>): string {
  const shape = inferShape(kind, operands, attributes);
  return typeof shape === 'string' ? shape : formatShape(shape);
}

describe('shapes that follow', () => {
  it('broadcasting aligns the last axes and stretches 1', () => {
    expect(infer('add', [[BATCH, 3], [3]], {})).toBe('[B, 3]');
    expect(
      infer(
        'add',
        [
          [BATCH, 1],
          [1, 3],
        ],
        {},
      ),
    ).toBe('[B, 3]');
    expect(infer('add', [[], [2, 0]], {})).toBe('[2, 0]');
    expect(infer('add', [[1], [0]], {})).toBe('[0]');
    expect(infer('select', [[BATCH, 1], [3], []], {})).toBe('[B, 3]');
    expect(infer('count_quantile', [[BATCH, 3], [3], []], {})).toBe('[B, 3]');
    expect(broadcastShapes([BATCH], [TWO_B])).toBeUndefined();
  });

  it('batch multiples add in concat, and are cut by slice and grown by pad', () => {
    expect(
      infer(
        'concat',
        [
          [BATCH, 3],
          [BATCH, 3],
          [TWO_B, 3],
        ],
        { axis: 0 },
      ),
    ).toBe('[4B, 3]');
    expect(
      infer(
        'concat',
        [
          [BATCH, 3],
          [0, 3],
        ],
        { axis: 0 },
      ),
    ).toBe('[B, 3]');
    expect(infer('slice', [[{ batch: 3 }, 4]], { begin: [BATCH, 1], size: [TWO_B, 3] })).toBe('[2B, 3]');
    expect(infer('pad', [[BATCH, 4]], { before: [TWO_B, 0], after: [0, 1] })).toBe('[3B, 5]');
  });

  it('reductions keep or drop axes', () => {
    expect(infer('sum', [[BATCH, 3, 4]], { axes: [2, 0], keep: false })).toBe('[3]');
    expect(infer('max', [[BATCH, 3, 4]], { axes: [2, 0], keep: true })).toBe('[1, 3, 1]');
  });

  it('reshape goes by the count of elements as a power of B', () => {
    expect(infer('reshape', [[BATCH, 6]], { shape: [BATCH, 2, 3] })).toBe('[B, 2, 3]');
    expect(infer('reshape', [[BATCH, 6]], { shape: [{ batch: 6 }] })).toBe('[6B]');
    expect(infer('reshape', [[BATCH, 0]], { shape: [0] })).toBe('[0]');
  });

  it('matmul, plain and stacked', () => {
    expect(
      infer(
        'matmul',
        [
          [TWO_B, 3],
          [3, 4],
        ],
        {},
      ),
    ).toBe('[2B, 4]');
    expect(
      infer(
        'matmul',
        [
          [BATCH, 2, 3],
          [BATCH, 3, 4],
        ],
        {},
      ),
    ).toBe('[B, 2, 4]');
  });

  it('lengths add and subtract where the result is one axis', () => {
    expect([addDims(BATCH, TWO_B), addDims(2, 0), addDims(0, BATCH), addDims(2, BATCH)]).toEqual([
      { batch: 3 },
      2,
      BATCH,
      undefined,
    ]);
    expect([
      subtractDims(TWO_B, BATCH),
      subtractDims(BATCH, BATCH),
      subtractDims(BATCH, 1),
      subtractDims(1, 2),
    ]).toEqual([BATCH, 0, undefined, undefined]);
  });
});

describe('shapes that do not fit say why', () => {
  const refused: readonly (readonly [string, string])[] = [
    [infer('add', [[2, 3], [4]], {}), 'shapes [2, 3] and [4] do not broadcast together'],
    [infer('add', [[BATCH], [2]], {}), 'shapes [B] and [2] do not broadcast together'],
    [
      infer('select', [[2], [3], []], {}),
      'a condition of shape [2] and values of shapes [3] and [] do not broadcast together',
    ],
    [
      infer(
        'matmul',
        [
          [BATCH, 200],
          [100, 784],
        ],
        {},
      ),
      '[B, 200] and [100, 784]: axis 1 of the first (200) is not axis 0 of the second (100)',
    ],
    [
      infer(
        'matmul',
        [
          [BATCH, 2, 3],
          [TWO_B, 3, 2],
        ],
        {},
      ),
      '[B, 2, 3] and [2B, 3, 2]: axis 0 of the first (B) is not axis 0 of the second (2B)',
    ],
    [infer('matmul', [[3], [3, 2]], {}), '[3] and [3, 2]: both operands must have 2 axes, or both 3, not 1 and 2'],
    [infer('sum', [[2, 3]], { axes: [2], keep: false }), 'axis 2 is not one of the 2 axes of [2, 3]'],
    [infer('max', [[2, 3]], { axes: [1, 1], keep: false }), 'axis 1 is named twice in [1, 1]'],
    [infer('transpose', [[2, 3]], { permutation: [0, 0] }), '[0, 0] does not name each axis of [2, 3] once'],
    [
      infer('reshape', [[BATCH, 3]], { shape: [3] }),
      '[B, 3] has 3B elements and cannot be reshaped to [3], which has 3 elements',
    ],
    [
      infer('reshape', [[BATCH, BATCH]], { shape: [BATCH] }),
      '[B, B] has B^2 elements and cannot be reshaped to [B], which has B elements',
    ],
    [
      infer('broadcast', [[2, 3]], { shape: [2] }),
      '[2, 3] does not broadcast to [2]: only axes of 1 stretch, and axes are added in front',
    ],
    [
      infer(
        'concat',
        [
          [2, 3],
          [2, 4],
        ],
        { axis: 0 },
      ),
      '[2, 3] and [2, 4] on axis 0: axis 1 differs',
    ],
    [infer('concat', [[BATCH], [2]], { axis: 0 }), '[B] and [2] on axis 0: B + 2 is not one axis'],
    [infer('concat', [[2], [2, 1]], { axis: 0 }), '[2] and [2, 1] on axis 0: the numbers of axes differ'],
    [infer('concat', [[2]], { axis: 1 }), 'axis 1 is not one of the 1 axes of [2]'],
    [infer('slice', [[4]], { begin: [2], size: [3] }), '[4]: 3 from 2 is not within axis 0'],
    [infer('slice', [[BATCH]], { begin: [0], size: [1] }), '[B]: 1 from 0 is not within axis 0'],
    [
      infer('slice', [[4, 4]], { begin: [0], size: [1, 1] }),
      '[4, 4] with begin [0] and size [1, 1]: all must have as many axes',
    ],
    [infer('pad', [[BATCH]], { before: [1], after: [0] }), '[B]: 1 + B + 0 on axis 0 is not one axis'],
    [infer('pad', [[4]], { before: [-1], after: [0] }), 'an axis of -1: a length must be a whole number of at least 0'],
    [infer('constant', [], { shape: [2, 2], values: [1, 2] }), 'a constant of shape [2, 2] takes 1 or 4 values, not 2'],
    [infer('constant', [], { shape: [BATCH], values: [1, 2] }), 'a constant of shape [B] takes 1 value, not 2'],
    [
      infer('broadcast', [[]], { shape: [{ batch: 0 }] }),
      'an axis of 0·B: the multiple of B must be a whole number of at least 1',
    ],
    [infer('one_hot_argmax', [[]], {}), 'a scalar has no last axis to choose on'],
    [infer('add', [[2]], {}), 'add takes 2 operands, not 1'],
    [infer('concat', [], { axis: 0 }), 'concat takes one operand or more, not 0'],
  ];
  it.each(refused)('%s', (found, expected) => {
    expect(found).toBe(expected);
  });

  it('and the builder names the value', () => {
    const builder = new ProgramBuilder('mismatch');
    const x = builder.input('data', 'x', [BATCH, 200]);
    const w = builder.input('parameter', 'w', [100, 784]);
    expect(() => builder.matmul(x, w)).toThrow(ProgramError);
    expect(() => builder.matmul(x, w)).toThrow(
      '%2 = matmul: [B, 200] and [100, 784]: axis 1 of the first (200) is not axis 0 of the second (100)',
    );
  });
});

describe('smoothness', () => {
  it('is that of the operand where operands differ', () => {
    expect(['exp', 'relu', 'step'].map((kind) => smoothnessOf(kind as OpKind))).toEqual(['smooth', 'kinked', 'flat']);
    expect([smoothnessOf('select'), smoothnessOf('select', 0), smoothnessOf('select', 1)]).toEqual([
      'flat',
      'flat',
      'smooth',
    ]);
    expect(smoothnessOf('less', 1)).toBe('flat');
  });
});
