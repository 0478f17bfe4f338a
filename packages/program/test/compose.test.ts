import { describe, expect, it } from 'vitest';
import {
  BATCH,
  composePrograms,
  interpretProgram,
  InternalError,
  printProgram,
  ProgramBuilder,
  verifyProgram,
  type Program,
} from '../src/index.js';
import { tensor } from './naive-tensor.js';

/** `loss = Σ (w − x)²`, summed over rows, and its derivative by `w`. */
function gradient(): Program {
  const b = new ProgramBuilder('gradient');
  const w = b.input('parameter', 'w', [2]);
  const difference = b.subtract(w, b.input('data', 'x', [BATCH, 2]));
  b.output('loss', 'total', b.sum(b.emit('square', [difference], {}), [0, 1]));
  b.output('gradient', 'w', b.multiply(b.sum(difference, [0]), b.constant(2)));
  return b.finish();
}

/** `w ← w − rate · g` */
function update(): Program {
  const b = new ProgramBuilder('update');
  const w = b.input('parameter', 'w', [2]);
  const change = b.multiply(b.input('state', 'gradient/w', [2]), b.input('hyper', 'rate', []));
  b.output('parameter', 'w', b.subtract(w, change));
  return b.finish();
}

const LINKS = new Map([['gradient:w', 'state:gradient/w']] as const);

describe('two programs as one', () => {
  const step = composePrograms('step', gradient(), update(), LINKS);

  it('takes what each takes but the link, once, and gives all but the link', () => {
    expect(() => {
      verifyProgram(step);
    }).not.toThrow();
    const ports = (list: readonly { readonly role: string; readonly name: string }[]): readonly string[] =>
      list.map(({ role, name }) => `${role} ${name}`);
    expect(ports(step.inputs)).toEqual(['parameter w', 'data x', 'hyper rate']);
    expect(ports(step.outputs)).toEqual(['loss total', 'parameter w']);
  });

  it('computes what the two do, one after the other', () => {
    const inputs = new Map([
      ['parameter:w', tensor([2], [1, 2])],
      ['data:x', tensor([2, 2], [0, 0, 3, 1])],
      ['hyper:rate', tensor([], [0.25])],
    ] as const);
    const outputs = interpretProgram(step, inputs, 2);
    expect([...(outputs.get('loss:total')?.values ?? [])]).toEqual([1 + 4 + 4 + 1]);
    // The derivative is 2 (1 + (−2), 2 + 1).
    expect([...(outputs.get('parameter:w')?.values ?? [])]).toEqual([1.5, 0.5]);
  });

  it('links an input that is an output as it is', () => {
    const b = new ProgramBuilder('first');
    b.output('gradient', 'w', b.input('data', 'g', [2]));
    const linked = composePrograms('step', b.finish(), update(), LINKS);
    const inputs = new Map([
      ['data:g', tensor([2], [4, 8])],
      ['parameter:w', tensor([2], [1, 1])],
      ['hyper:rate', tensor([], [0.5])],
    ] as const);
    expect([...(interpretProgram(linked, inputs, 1).get('parameter:w')?.values ?? [])]).toEqual([-1, -3]);
  });

  it.each([
    ['a link from nowhere', new Map([['gradient:v', 'state:gradient/w']] as const), update(), 'there is no gradient:v'],
    ['a link to nowhere', new Map([['gradient:w', 'state:gradient/v']] as const), update(), 'or no state:gradient/v'],
    ['a link of another shape', new Map([['loss:total', 'state:gradient/w']] as const), update(), 'is [], not [2]'],
    ['an output of both', LINKS, gradientAgain(), 'an output of the same name'],
  ])('refuses %s', (_, links, second, message) => {
    expect(() => composePrograms('step', gradient(), second, links)).toThrow(InternalError);
    expect(() => composePrograms('step', gradient(), second, links)).toThrow(message);
  });

  it('leaves both as they were', () => {
    const [first, second] = [gradient(), update()];
    const before = [printProgram(first), printProgram(second)];
    composePrograms('step', first, second, LINKS);
    expect([printProgram(first), printProgram(second)]).toEqual(before);
  });
});

function gradientAgain(): Program {
  const b = new ProgramBuilder('again');
  b.output('loss', 'total', b.input('state', 'gradient/w', [2]));
  return b.finish();
}
