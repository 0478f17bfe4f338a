/** Options that all optimisers have: schedules, clipping, decay; and RMSprop. */
import { at, interpretProgram, type PortKey, type ReferenceTensor } from '@sbn/program';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../src/errors.js';
import { COMMON_DEFAULTS, rateFactor } from '../src/optimizers/step-options.js';
import { createOptimizer } from '../src/optimizers/create.js';

/** A parameter `a` [2] and `b` [] after each gradient. */
function run(
  name: string,
  options: Readonly<Record<string, number>>,
  start: readonly [number, number, number],
  gradients: readonly (readonly [number, number, number])[],
): readonly (readonly number[])[] {
  const optimizer = createOptimizer({ name, options });
  const program = optimizer.program([
    { name: 'a', shape: [2] },
    { name: 'b', shape: [] },
  ]);
  const tensors = new Map<PortKey, ReferenceTensor>();
  const put = (key: PortKey, shape: readonly number[], ...values: number[]): void => {
    tensors.set(key, { shape, values: Float64Array.from(values) });
  };
  put('parameter:a', [2], start[0], start[1]);
  put('parameter:b', [], start[2]);
  for (const slot of optimizer.slots) {
    put(`state:${slot}/a`, [2], 0, 0);
    put(`state:${slot}/b`, [], 0);
  }
  return gradients.map(([a0, a1, b], index) => {
    put('state:gradient/a', [2], a0, a1);
    put('state:gradient/b', [], b);
    for (const [key, value] of Object.entries(optimizer.hyper(index + 1))) put(`hyper:${key}`, [], value);
    for (const [key, tensor] of interpretProgram(program, tensors, 1)) tensors.set(key, tensor);
    return [...(tensors.get('parameter:a')?.values ?? []), ...(tensors.get('parameter:b')?.values ?? [])];
  });
}

describe('the learning rate', () => {
  const factors = (options: Partial<typeof COMMON_DEFAULTS>, steps: readonly number[]): readonly number[] =>
    steps.map((step) => rateFactor(step, { ...COMMON_DEFAULTS, ...options }));

  it('stays, unless it is told to change', () => {
    expect(factors({}, [1, 10, 1e6])).toEqual([1, 1, 1]);
  });

  it('rises from its warm-up', () => {
    expect(factors({ warmup: 4 }, [1, 2, 4, 5])).toEqual([0.25, 0.5, 1, 1]);
  });

  it('falls along half a cosine, and stays where it ends', () => {
    const [first, middle, last, after] = factors({ cosine: 100, final: 0.2 }, [1, 51, 101, 500]);
    expect(first).toBe(1);
    expect(middle).toBeCloseTo(0.6, 12);
    expect(last).toBeCloseTo(0.2, 12);
    expect(after).toBeCloseTo(0.2, 12);
  });

  it('falls in steps', () => {
    expect(factors({ every: 10, factor: 0.5 }, [1, 10, 11, 21])).toEqual([1, 1, 0.5, 0.25]);
  });

  it('is used by every optimiser', () => {
    for (const name of ['adam', 'adamw', 'rmsprop', 'sgd']) {
      const [still] = run(name, { lr: 0.1, decay: 0, every: 1, factor: 1e-12 }, [1, 1, 1], [[1, 1, 1]]);
      const moves = run(
        name,
        { lr: 0.1, decay: 0, every: 1, factor: 1e-12 },
        [1, 1, 1],
        [
          [1, 1, 1],
          [1, 1, 1],
        ],
      );
      expect(at(still ?? [], 0)).toBeLessThan(0.99);
      expect(Math.abs(at(moves[1] ?? [], 0) - at(moves[0] ?? [], 0))).toBeLessThan(1e-9);
    }
  });
});

describe('clip', () => {
  it('scales gradients down to a norm of all together', () => {
    // ‖(2, 1, 2)‖ = 3, scaled to 1.5.
    const [after] = run('sgd', { lr: 1, clip: 1.5 }, [0, 0, 0], [[2, 1, 2]]);
    expect(after).toEqual([-1, -0.5, -1]);
  });

  it('leaves smaller ones, and zeros, as they are', () => {
    expect(run('sgd', { lr: 1, clip: 10 }, [0, 0, 0], [[2, 1, 2]])[0]).toEqual([-2, -1, -2]);
    expect(run('sgd', { lr: 1, clip: 10 }, [1, 2, 3], [[0, 0, 0]])[0]).toEqual([1, 2, 3]);
  });
});

describe('decay', () => {
  it('takes lr · decay of each parameter, apart from the gradient', () => {
    const [after] = run('sgd', { lr: 0.1, decay: 0.5 }, [2, -4, 1], [[0, 1, 0]]);
    [1.9, -3.9, 0.95].forEach((value, index) => {
      expect(after?.[index]).toBeCloseTo(value, 12);
    });
  });

  it('is 0.01 for adamw, and none for adam', () => {
    expect(createOptimizer({ name: 'adamw' }).options).toMatchObject({ lr: 1e-3, decay: 0.01 });
    const [decayed] = run('adamw', { lr: 0.1 }, [2, 2, 2], [[0, 0, 0]]);
    expect(decayed?.[0]).toBeCloseTo(2 * (1 - 0.1 * 0.01), 12);
    expect(run('adam', { lr: 0.1 }, [2, 2, 2], [[0, 0, 0]])[0]).toEqual([2, 2, 2]);
  });
});

it('rmsprop divides by the root of a running mean of squares', () => {
  const [lr, rho, eps] = [0.1, 0.8, 0.01];
  const gradients = [0.5, -0.2, 0.7];
  const steps = run(
    'rmsprop',
    { lr, rho, eps },
    [0, 0, 1],
    gradients.map((g) => [0, 0, g] as const),
  );
  let [p, v] = [1, 0];
  gradients.forEach((g, index) => {
    v = rho * v + (1 - rho) * g * g;
    p -= (lr * g) / (Math.sqrt(v) + eps);
    expect(steps[index]?.[2]).toBeCloseTo(p, 12);
  });
});

it.each([
  ['adam', { warmup: 0.5 }, 'warmup: 0.5 cannot be used; give a number that is a whole number from 0'],
  ['sgd', { final: 2 }, 'final: 2 cannot be used; give a number that is from 0 to 1'],
  ['adam', { wramup: 3 }, 'adam has no option wramup; did you mean warmup?'],
] as const)('%s refuses %o', (name, options, message) => {
  expect(() => createOptimizer({ name, options })).toThrow(SettingsError);
  expect(() => createOptimizer({ name, options })).toThrow(message);
});
