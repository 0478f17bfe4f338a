import { describe, expect, it } from 'vitest';
import {
  BATCH,
  interpretProgram,
  ProgramBuilder,
  ProgramError,
  type PortKey,
  type ReferenceTensor,
} from '../src/index.js';
import { tensor } from './naive-tensor.js';

const builder = new ProgramBuilder('forward');
const x = builder.input('data', 'x', [BATCH, 3]);
const w = builder.input('parameter', 'w', [3, 2]);
const product = builder.matmul(x, w);
const rows = builder.sumEvent(product);
builder.output('cost', 'rows', rows);
builder.output('loss', 'total', builder.meanRows(rows));
const PROGRAM = builder.finish();
const WEIGHTS = tensor([3, 2], [1, 2, 3, 4, 5, 6]);

function run(inputs: readonly (readonly [PortKey, ReferenceTensor])[], batch: number) {
  return interpretProgram(PROGRAM, new Map(inputs), batch);
}

describe('the interpreter', () => {
  it('returns every output under its port key, at any batch size', () => {
    const one = run(
      [
        ['data:x', tensor([1, 3], [1, 0, 1])],
        ['parameter:w', WEIGHTS],
      ],
      1,
    );
    expect(one).toEqual(
      new Map([
        ['cost:rows', tensor([1], [14])],
        ['loss:total', tensor([], [14])],
      ]),
    );
    const two = run(
      [
        ['data:x', tensor([2, 3], [1, 0, 1, 0, 1, 0])],
        ['parameter:w', WEIGHTS],
      ],
      2,
    );
    expect(two).toEqual(
      new Map([
        ['cost:rows', tensor([2], [14, 7])],
        ['loss:total', tensor([], [10.5])],
      ]),
    );
  });

  it('ignores inputs that the program does not have', () => {
    const inputs = [
      ['data:x', tensor([1, 3], [1, 0, 1])],
      ['parameter:w', WEIGHTS],
      ['state:w', tensor([], [1])],
    ] as const;
    expect(run(inputs, 1).get('loss:total')).toEqual(tensor([], [14]));
  });

  const refused: readonly (readonly [string, readonly (readonly [PortKey, ReferenceTensor])[], number, string])[] = [
    [
      'a missing input',
      [['data:x', tensor([2, 3], [1, 2, 3, 4, 5, 6])]],
      2,
      'input parameter:w: the input is missing; it has shape [3, 2]',
    ],
    [
      'another batch size',
      [
        ['data:x', tensor([1, 3], [1, 2, 3])],
        ['parameter:w', WEIGHTS],
      ],
      2,
      'input data:x: the shape is [1, 3] and must be [2, 3], which is [B, 3] at B = 2',
    ],
    [
      'another number of axes',
      [
        ['data:x', tensor([1], [1, 2, 3])],
        ['parameter:w', WEIGHTS],
      ],
      1,
      'input data:x: the shape is [1] and must be [1, 3]',
    ],
    [
      'too few values',
      [
        ['data:x', tensor([1, 3], [1, 2])],
        ['parameter:w', WEIGHTS],
      ],
      1,
      'input data:x: 2 values for shape [1, 3], which has 3',
    ],
    ['a batch of 1.5', [], 1.5, 'forward: the batch size must be a whole number of at least 0, not 1.5'],
  ];
  it.each(refused)('refuses %s', (_, inputs, batch, message) => {
    expect(() => run(inputs, batch)).toThrow(ProgramError);
    expect(() => run(inputs, batch)).toThrow(message);
  });
});
