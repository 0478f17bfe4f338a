import { describe, expect, it } from 'vitest';
import { BATCH, InternalError, printProgram, ProgramBuilder } from '../src/index.js';

describe('the builder', () => {
  it('puts inputs first and renumbers what uses them', () => {
    const builder = new ProgramBuilder('order');
    const two = builder.constant(2);
    const x = builder.input('data', 'x', [BATCH]);
    const doubled = builder.within('outer', () => builder.within('inner', () => builder.multiply(two, x)));
    builder.output('cost', 'rows', doubled);
    expect(builder.input('data', 'x', [BATCH])).toBe(x);
    expect(printProgram(builder.finish())).toBe(
      [
        'program order',
        '  input %0 data "x" : [B]',
        '  %1 = constant {shape: [], values: [2]} : []',
        '  %2 = multiply %1 %0 : [B]  # inner',
        '  output cost "rows" %2',
        '',
      ].join('\n'),
    );
  });

  it('goes back to the outer origin, also after an error', () => {
    const builder = new ProgramBuilder('origins');
    const fail = (): never => {
      throw new RangeError('inside');
    };
    builder.within('outer', () => {
      expect(() => builder.within('inner', fail)).toThrow('inside');
      builder.constant(1);
    });
    builder.constant(2);
    expect(builder.finish().instructions.map(({ origin }) => origin)).toEqual(['outer', undefined]);
  });

  it('refuses one input in two shapes, and a sum to a shape that does not broadcast', () => {
    const builder = new ProgramBuilder('mistakes');
    const x = builder.input('data', 'x', [BATCH, 3]);
    expect(() => builder.input('data', 'x', [BATCH, 4])).toThrow(InternalError);
    expect(() => builder.sumTo(x, [4])).toThrow('[B, 3] does not sum to [4]');
    expect(builder.shapeOf(builder.sumTo(x, [1]))).toEqual([1]);
    expect(builder.shapeOf(builder.sumTo(x, [1, 3]))).toEqual([1, 3]);
    expect(builder.sumTo(x, [BATCH, 3])).toBe(x);
  });

  it('sums events and averages rows', () => {
    const builder = new ProgramBuilder('sums');
    const x = builder.input('data', 'x', [BATCH, 3, 2]);
    const rows = builder.sumEvent(x);
    expect(builder.shapeOf(rows)).toEqual([BATCH]);
    expect(builder.sumEvent(rows)).toBe(rows);
    expect(builder.shapeOf(builder.meanRows(rows))).toEqual([]);
  });
});
