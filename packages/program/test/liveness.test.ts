import { describe, expect, it } from 'vitest';
import { BATCH, peakElements, ProgramBuilder } from '../src/index.js';

describe('the peak of a program', () => {
  it('counts inputs throughout, and each value until its last use', () => {
    const b = new ProgramBuilder('peak');
    const x = b.input('data', 'x', [BATCH, 3]);
    const first = b.emit('exp', [x], {});
    const second = b.emit('tanh', [first], {});
    const third = b.emit('sigmoid', [second], {});
    b.output('sample', 'x', third);
    // The input and two values at a time.
    expect(peakElements(b.finish(), 10)).toBe(90);
  });

  it('keeps what is used again, and outputs', () => {
    const b = new ProgramBuilder('peak');
    const x = b.input('data', 'x', [BATCH, 3]);
    const first = b.emit('exp', [x], {});
    const second = b.emit('tanh', [first], {});
    b.output('sample', 'x', second);
    b.output('mean', 'x', b.add(first, b.emit('sigmoid', [second], {})));
    // The input, first, second, its sigmoid and the sum.
    expect(peakElements(b.finish(), 10)).toBe(150);
  });

  it('counts nothing for a reshaped value', () => {
    const b = new ProgramBuilder('peak');
    const x = b.input('data', 'x', [BATCH, 3]);
    b.output('sample', 'x', b.reshape(x, [BATCH, 1, 3]));
    expect(peakElements(b.finish(), 10)).toBe(30);
  });
});
