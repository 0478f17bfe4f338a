import { at, interpretProgram, type PortKey, type ReferenceTensor } from '@sbn/program';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../src/errors.js';
import { createOptimizer } from '../src/optimizers/create.js';
import type { Optimizer } from '../src/optimizers/optimizer.js';

/** Runs steps on parameters `a` [2] and `b` [] with the given gradients; returns the values after each. */
function run(
  optimizer: Optimizer,
  start: { a: number[]; b: number },
  gradients: { a: number[]; b: number }[],
): { a: number[]; b: number }[] {
  const program = optimizer.program([
    { name: 'a', shape: [2] },
    { name: 'b', shape: [] },
  ]);
  const state = new Map<PortKey, ReferenceTensor>([
    ['parameter:a', { shape: [2], values: Float64Array.from(start.a) }],
    ['parameter:b', { shape: [], values: Float64Array.of(start.b) }],
  ]);
  for (const slot of optimizer.slots) {
    state.set(`state:${slot}/a`, { shape: [2], values: new Float64Array(2) });
    state.set(`state:${slot}/b`, { shape: [], values: new Float64Array(1) });
  }
  return gradients.map((gradient, index) => {
    state.set('state:gradient/a', { shape: [2], values: Float64Array.from(gradient.a) });
    state.set('state:gradient/b', { shape: [], values: Float64Array.of(gradient.b) });
    for (const [name, value] of Object.entries(optimizer.hyper(index + 1))) {
      state.set(`hyper:${name}`, { shape: [], values: Float64Array.of(value) });
    }
    for (const [key, tensor] of interpretProgram(program, state, 1)) state.set(key, tensor);
    const a = [...(state.get('parameter:a')?.values ?? [])];
    const b = at(state.get('parameter:b')?.values ?? [], 0);
    expect(state.get('parameter_sum:a')?.values[0]).toBeCloseTo(at(a, 0) + at(a, 1), 12);
    return { a, b };
  });
}

describe('adam', () => {
  it('takes a first step of lr against the sign of the gradient, whatever its size', () => {
    const [first] = run(createOptimizer({ name: 'adam' }), { a: [1, 2], b: -1 }, [{ a: [10, -1e-3], b: 5e4 }]);
    // m̂ = g and √v̂ = |g|, so the step is lr · g / (|g| + eps).
    expect(first?.a[0]).toBeCloseTo(1 - 1e-3, 9);
    expect(first?.a[1]).toBeCloseTo(2 + 1e-3 / (1 + 1e-5), 12);
    expect(first?.b).toBeCloseTo(-1 - 1e-3, 12);
  });

  it('follows algorithm 1 of the paper over several steps', () => {
    const [lr, beta1, beta2, eps] = [0.1, 0.8, 0.95, 0.01];
    const gradients = [0.5, -0.2, 0.7, 0].map((g) => ({ a: [g, 2 * g], b: -g }));
    const steps = run(
      createOptimizer({ name: 'adam', options: { lr, beta1, beta2, eps } }),
      { a: [0, 0], b: 1 },
      gradients,
    );
    let [p, m, v] = [1, 0, 0];
    gradients.forEach(({ b: g }, index) => {
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      const mHat = m / (1 - beta1 ** (index + 1));
      const vHat = v / (1 - beta2 ** (index + 1));
      p -= (lr * mHat) / (Math.sqrt(vHat) + eps);
      expect(steps[index]?.b).toBeCloseTo(p, 12);
    });
  });

  it('has the defaults of the paper', () => {
    expect(createOptimizer({ name: 'adam' }).options).toEqual({ lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 });
  });
});

describe('sgd', () => {
  it('subtracts lr times the gradient', () => {
    const optimizer = createOptimizer({ name: 'sgd', options: { lr: 0.5 } });
    expect(optimizer.slots).toEqual([]);
    const steps = run(optimizer, { a: [1, 2], b: 3 }, [
      { a: [1, -1], b: 4 },
      { a: [0, 2], b: 0 },
    ]);
    expect(steps).toEqual([
      { a: [0.5, 2.5], b: 1 },
      { a: [0.5, 1.5], b: 1 },
    ]);
  });

  it('keeps going with momentum', () => {
    const optimizer = createOptimizer({ name: 'sgd', options: { lr: 0.5, momentum: 0.5 } });
    const steps = run(optimizer, { a: [0, 0], b: 0 }, [
      { a: [4, 0], b: 0 },
      { a: [0, 0], b: 8 },
      { a: [0, 0], b: 0 },
    ]);
    // u = 4, 2, 1 and 0, 8, 4
    expect(steps.map(({ a }) => a[0])).toEqual([-2, -3, -3.5]);
    expect(steps.map(({ b }) => b)).toEqual([0, -4, -6]);
  });
});

describe('createOptimizer', () => {
  it.each([
    [{ name: 'adm' }, 'optimizer: there is no optimizer adm; did you mean adam? optimizers: adam, adamw, rmsprop, sgd'],
    [
      { name: 'adam', options: { momentum: 0.9 } },
      'adam has no option momentum; options of adam: lr, beta1, beta2, eps',
    ],
    [{ name: 'sgd', options: { momentun: 0.9 } }, 'did you mean momentum?'],
    [{ name: 'adam', options: { lr: -1 } }, 'lr: -1 cannot be used; give a number that is not negative'],
    [{ name: 'adam', options: { lr: NaN } }, 'lr: NaN cannot be used'],
    [{ name: 'adam', options: { beta1: 1 } }, 'beta1: 1 cannot be used; give a number that is from 0 to below 1'],
    [{ name: 'adam', options: { eps: 0 } }, 'eps: 0 cannot be used; give a number that is positive'],
    [{ name: 'constructor' }, 'there is no optimizer constructor'],
  ])('refuses %j', (choice, message) => {
    expect(() => createOptimizer(choice)).toThrow(SettingsError);
    expect(() => createOptimizer(choice)).toThrow(message);
  });

  it('takes a learning rate of zero', () => {
    expect(createOptimizer({ name: 'adam', options: { lr: 0 } }).options['lr']).toBe(0);
  });
});
