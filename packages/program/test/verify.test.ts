import { describe, expect, it } from 'vitest';
import {
  BATCH,
  ProgramBuilder,
  ProgramError,
  verifyProgram,
  type Input,
  type Output,
  type Program,
} from '../src/index.js';

const builder = new ProgramBuilder('whole');
const x = builder.input('data', 'x', [BATCH, 3]);
const w = builder.input('parameter', 'w', [3, 2]);
const product = builder.matmul(x, w);
builder.output('cost', 'rows', builder.sum(product, [1]));
builder.output('loss', 'total', builder.meanRows(builder.sum(product, [1])));
const WHOLE = builder.finish();

function withInput(index: number, change: Partial<Input>): Program {
  return { ...WHOLE, inputs: WHOLE.inputs.map((input, place) => (place === index ? { ...input, ...change } : input)) };
}

/** `change` may break the rules that the types know, too: that is what is tested. */
function withInstruction(index: number, change: Readonly<Record<string, unknown>>): Program {
  const instructions = WHOLE.instructions.map((instruction, place) =>
    place === index ? { ...instruction, ...change } : instruction,
  );
  return { ...WHOLE, instructions };
}

function withOutput(index: number, change: Partial<Output>): Program {
  return {
    ...WHOLE,
    outputs: WHOLE.outputs.map((output, place) => (place === index ? { ...output, ...change } : output)),
  };
}

describe('the verifier', () => {
  it('accepts what the builder makes', () => {
    expect(() => {
      verifyProgram(WHOLE);
    }).not.toThrow();
  });

  const broken: readonly (readonly [string, Program, string])[] = [
    ['an input out of number', withInput(1, { id: 5 }), 'input %5 parameter:w: values are numbered in order'],
    [
      'two inputs of one role and name',
      withInput(1, { role: 'data', name: 'x' }),
      'input %1 data:x: there is an input of this role and name already',
    ],
    ['an input of an impossible shape', withInput(0, { shape: [1.5] }), 'input %0 data:x: an axis of 1.5'],
    ['an instruction out of number', withInstruction(0, { id: 7 }), '%7 = matmul: values are numbered in order'],
    ['an unknown operation', withInstruction(0, { kind: 'gemm' }), '%2 = gemm: there is no operation of this name'],
    ['an operand of its own', withInstruction(1, { args: [3] }), '%3 = sum: operand %3 is not defined before'],
    ['a later operand', withInstruction(0, { args: [0, 4] }), '%2 = matmul: operand %4 is not defined before'],
    ['a negative operand', withInstruction(0, { args: [0, -1] }), '%2 = matmul: operand %-1 is not defined before'],
    ['a missing operand', withInstruction(0, { args: [0] }), '%2 = matmul: matmul takes 2 operands, not 1'],
    ['operands that do not fit', withInstruction(0, { args: [1, 0] }), '%2 = matmul: [3, 2] and [B, 3]: axis 1'],
    [
      'a stored shape that does not follow',
      withInstruction(0, { shape: [BATCH, 3] }),
      '%2 = matmul: the shape is stored as [B, 3], but the operands make it [B, 2]',
    ],
    [
      'a fixed length stored for a batch axis',
      withInstruction(1, { shape: [1] }),
      '%3 = sum: the shape is stored as [1], but the operands make it [B]',
    ],
    [
      'an attribute out of range',
      withInstruction(1, { attributes: { axes: [2], keep: false } }),
      '%3 = sum: axis 2 is not one of the 2 axes of [B, 2]',
    ],
    [
      'an origin of two lines',
      withInstruction(0, { origin: 'a\nb' }),
      '%2 = matmul: the origin "a\\nb" holds a control character or a line break',
    ],
    ['an undefined output', withOutput(0, { value: 99 }), 'output cost:rows: value %99 is not defined'],
    [
      'two outputs of one role and name',
      withOutput(1, { role: 'cost', name: 'rows' }),
      'output cost:rows: there is an output of this role and name already',
    ],
  ];
  it.each(broken)('refuses %s', (_, program, message) => {
    const verify = (): void => {
      verifyProgram(program);
    };
    expect(verify).toThrow(ProgramError);
    expect(verify).toThrow(message);
  });
});
