/** Updates that are written over what they are computed from: only where that can be seen to go well before it is begun. */
import {
  at,
  composePrograms,
  evaluateInstruction,
  portKey,
  ProgramBuilder,
  type Artifact,
  type PortKey,
  type Program,
  type ValueId,
} from '@sbn/program';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../src/dataset.js';
import { disposeAll, type Engine, type EngineTensor, type PreparedProgram } from '../src/engine.js';
import { loadModel } from '../src/model.js';
import { createNativeEngine } from '../src/node/index.js';
import { createOptimizer } from '../src/optimizers/create.js';
import { KernelBounds } from '../src/wasm/bound-kernel.js';
import { KernelMemory } from '../src/wasm/kernel-memory.js';
import { measureRange, RangeKernel, scratchOfRanges } from '../src/wasm/measure-range.js';
import { peelElementwise } from '../src/wasm/peel-elementwise.js';
import { errorOf, port } from './fixtures.js';
import { plain } from './model/harness.js';
import { coinArtifact } from './models.js';
import { isNativeInstalled, orSkipped } from './native.js';

describe('the range of an array', () => {
  it.each([1, 1000, 1024, 1039, 5000])(
    'is found of %i values, closely or within the root of the sum of squares',
    (n) => {
      const memory = new KernelMemory(scratchOfRanges(n), [n]);
      const values = memory.take(n) ?? new Float32Array();
      const kernel = new RangeKernel(n, memory);
      values.set(values.map((_, place) => Math.sin(place) - 0.2));
      const close = measureRange(values);
      expect(close).toEqual({ low: Math.min(...values), high: Math.max(...values) });
      const wide = kernel.measure(values);
      const root = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
      expect(wide?.low).toBeLessThanOrEqual(close?.low ?? NaN);
      expect(wide?.high).toBeGreaterThanOrEqual(close?.high ?? NaN);
      expect(wide?.high).toBeLessThanOrEqual(1.0001 * root);
      values.fill(1e-30);
      expect(kernel.measure(values)?.high).toBeGreaterThan(1e-30);
      for (const place of [0, Math.floor(n / 3), n - 2, n - 1].filter((own) => own >= 0))
        for (const wrong of [NaN, Infinity, -Infinity]) {
          values.fill(1);
          values[place] = wrong;
          expect(kernel.measure(values)).toBeUndefined();
          expect(measureRange(values)).toBeUndefined();
        }
    },
  );
});

const UNARY = ['negate', 'abs', 'sqrt', 'square'] as const;
const BINARY = ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum'] as const;

describe('the bounds of a kernel', () => {
  const step = fc.record({
    unary: fc.constantFrom(undefined, undefined, ...UNARY),
    binary: fc.constantFrom(...BINARY),
    first: fc.nat(99),
    second: fc.nat(99),
  });
  const ends = fc.tuple(
    fc.oneof(fc.constantFrom(0, 1, 1e-40, 1e-8, 1e15, 3e38), fc.float({ noNaN: true, min: -100, max: 100 })),
    fc.oneof(fc.constantFrom(0, 1, 1e-40, 1e-8, 1e15), fc.float({ noNaN: true, min: 0, max: 100 })),
  );

  it('hold all that comes of values within those of its operands', () => {
    let [certain, runs] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 9 }), ends, ends, fc.nat(), (steps, one, other, seed) => {
        const count = 128;
        const b = new ProgramBuilder('random');
        const all: ValueId[] = [b.input('state', 's', [count]), b.input('parameter', 'p', [count]), b.constant(0.3)];
        for (const { unary, binary, first, second } of steps) {
          const a = at(all, (all.length - 1 - (first % 2) + all.length) % all.length);
          all.push(
            unary === undefined ? b.emit(binary, [a, at(all, second % all.length)], {}) : b.emit(unary, [a], {}),
          );
        }
        // Whatever came before, the last is as wide as the inputs.
        all.push(b.subtract(at(all, all.length - 1), at(all, 0)));
        b.output('parameter', 'p', at(all, all.length - 1));
        b.output('parameter_sum', 'p', b.sum(at(all, all.length - 1), [0]));
        const program = b.finish();
        const [kernel] = peelElementwise(program).kernels;
        // The last value may have no operation of its own.
        if (kernel === undefined) return;
        const ranges = [one, other].map(([low, width]) => {
          return [Math.fround(low), Math.fround(Math.min(3e38, low + width))] as const;
        });
        const inputs = ranges.map(([low, high], input) =>
          Float32Array.from({ length: count }, (_, place) => {
            const part = [0, 1, Math.abs(Math.sin(seed + 3 * place + input))][place % 3] ?? 0;
            return Math.min(high, Math.max(low, low + part * (high - low)));
          }),
        );
        const values = interpretRounding(program, inputs);
        const bounds = new KernelBounds(kernel, program);
        kernel.operands.forEach(({ key, value, isWide }, place) => {
          // A number is known.
          const number = at(at(values, value), 0);
          const [low, high] = isWide ? at(ranges, key === 'state:s' ? 0 : 1) : [number, number];
          bounds.setOperand(place, low, high);
        });
        runs += 1;
        if (!bounds.areFinite()) return;
        certain += 1;
        for (const { id, kind } of kernel.instructions) {
          if (kind === 'sum') continue;
          const { low, high } = bounds.rangeOf(id);
          for (const value of at(values, id)) {
            expect(value).toBeGreaterThanOrEqual(low);
            expect(value).toBeLessThanOrEqual(high);
          }
        }
      }),
      { numRuns: 2000 },
    );
    // Neither is always or never certain.
    expect(certain).toBeGreaterThan(runs / 10);
    expect(certain).toBeLessThan(runs);
  });

  /** Adam's update of 200 numbers, where gradients, sums and squares are at most so large. */
  function adam(eps: number, gradient: number, parameter = 1): boolean {
    const program = createOptimizer({ name: 'adam' }).program([{ name: 'w', shape: [200] }]);
    const kernel = at(peelElementwise(program).kernels, 0);
    const bounds = new KernelBounds(kernel, program);
    const ranges: Readonly<Record<string, readonly [number, number]>> = {
      'state:gradient/w': [-gradient, gradient],
      'state:sum/w': [-gradient, gradient],
      'state:squares/w': [0, gradient ** 2],
      'parameter:w': [-parameter, parameter],
      'hyper:rate': [1e-3, 1e-3],
      'hyper:epsilon': [eps, eps],
    };
    kernel.operands.forEach(({ key }, place) => {
      const [low, high] = ranges[key] ?? [NaN, NaN];
      bounds.setOperand(place, low, high);
    });
    return bounds.areFinite();
  }

  it('rule failures of Adam out, but where a gradient is huge, what it is divided by can be 0, or something is no number', () => {
    expect(adam(1e-8, 1)).toBe(true);
    expect(adam(1e-8, 1e19)).toBe(true);
    expect(adam(1e-8, 2e19)).toBe(false);
    expect(adam(1e-8, 1e30)).toBe(false);
    expect(adam(0, 1)).toBe(false);
    expect(adam(1e-8, 1, 1e37)).toBe(false);
    expect(adam(1e-8, NaN)).toBe(false);
  });
});

const SIDE = 100;

/** Gradients are outer products, so that the graph has something to compute; and a bias that is too small for it. */
function stepProgram(optimizer: Parameters<typeof createOptimizer>[0]): Program {
  const b = new ProgramBuilder('gradient');
  const shapes = { first: [SIDE, SIDE], second: [SIDE, SIDE], bias: [200] } as const;
  b.output('loss', 'total', b.add(b.input('data', 'loss', []), b.constant(0)));
  for (const name of ['first', 'second'])
    b.output(
      'gradient',
      name,
      b.matmul(b.input('data', `${name} rows`, [SIDE, 1]), b.input('data', `${name} columns`, [1, SIDE])),
    );
  b.output('gradient', 'bias', b.emit('tanh', [b.input('data', 'bias', [200])], {}));
  const parameters = Object.entries(shapes).map(([name, shape]) => ({ name, shape }));
  const update = createOptimizer(optimizer).program(parameters);
  const links = parameters.map(({ name }) => [`gradient:${name}`, `state:gradient/${name}`] as const);
  return composePrograms('step', b.finish(), update, new Map<PortKey, PortKey>(links));
}

describe.skipIf(!isNativeInstalled)(`an update by the native engine${orSkipped}`, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createNativeEngine();
  });

  /** A training by hand: `wrong` are values of inputs in this step, the first of each. */
  class Steps {
    readonly #prepared: PreparedProgram;
    readonly #replaced: ReadonlySet<PortKey> | undefined;
    /** Parameters and slots. */
    tensors: ReadonlyMap<PortKey, EngineTensor>;
    #step = 0;

    constructor(prepared: PreparedProgram, isReplacing: boolean) {
      const { inputs, outputs } = prepared.program;
      const kept = outputs.map(portKey).filter((key) => /^(parameter|state):/.test(key));
      this.#prepared = prepared;
      this.#replaced = isReplacing ? new Set(kept) : undefined;
      this.tensors = new Map(
        inputs
          .filter((input) => kept.includes(portKey(input)))
          .map((input) => {
            const shape = input.shape as readonly number[];
            const length = shape.reduce((product, own) => product * own, 1);
            const start = input.role === 'parameter' ? 0.1 : 0;
            const values = Float32Array.from({ length }, (_, place) => start * Math.cos(place));
            return [portKey(input), engine.upload(values, shape)] as const;
          }),
      );
    }

    /** The outputs, which nobody has taken over yet. */
    async run(wrong: Readonly<Record<string, number>> = {}): Promise<ReadonlyMap<PortKey, EngineTensor>> {
      const inputs = new Map(this.tensors);
      for (const input of this.#prepared.program.inputs) {
        const key = portKey(input);
        if (inputs.has(key)) continue;
        const shape = input.shape as readonly number[];
        const length = shape.reduce((product, own) => product * own, 1);
        const values = Float32Array.from({ length }, (_, place) =>
          input.role === 'hyper' ? 1e-3 : Math.sin(this.#step + 2 * place),
        );
        const own = wrong[key];
        if (own !== undefined) values[0] = own;
        inputs.set(key, engine.upload(values, shape));
      }
      return this.#prepared.run(inputs, 1, this.#replaced);
    }

    take(outputs: ReadonlyMap<PortKey, EngineTensor>): void {
      const next = new Map([...outputs].filter(([key]) => this.tensors.has(key)));
      disposeAll(this.tensors);
      this.tensors = next;
      this.#step += 1;
    }

    async values(tensors = this.tensors): Promise<Readonly<Record<string, Float32Array>>> {
      const entries = [...tensors].map(
        async ([key, tensor]) => [key, Float32Array.from(await tensor.download())] as const,
      );
      return Object.fromEntries(await Promise.all(entries));
    }
  }

  it.each(['adam', 'adamw', 'sgd', 'rmsprop'])('is to the last bit what it is elsewhere: %s', async (name) => {
    const program = stepProgram({ name, options: name === 'sgd' ? { momentum: 0.9 } : {} });
    const prepared = await engine.prepare(program);
    const [inPlace, apart] = [new Steps(prepared, true), new Steps(prepared, false)];
    let replacing = 0;
    for (let step = 0; step < 30; step += 1) {
      const before = inPlace.tensors.get('parameter:first');
      inPlace.take(await inPlace.run());
      apart.take(await apart.run());
      const error = await errorOf(() => before?.download()).catch(() => undefined);
      if (error !== undefined) replacing += 1;
    }
    // `take` disposes of all that was before.
    expect(replacing).toBe(30);
    expect(await inPlace.values()).toEqual(await apart.values());
    prepared.dispose();
  });

  it('takes the place of large parameters and their slots from the second step on, and of no others', async () => {
    const prepared = await engine.prepare(stepProgram({ name: 'adam' }));
    const steps = new Steps(prepared, true);
    for (let step = 0; step < 4; step += 1) {
      const outputs = await steps.run();
      const gone: string[] = [];
      for (const [key, tensor] of steps.tensors) await tensor.download().catch(() => gone.push(key));
      const large = [...steps.tensors.keys()].filter((key) => !key.endsWith('bias'));
      // At first they lie where they were uploaded to.
      expect(gone.toSorted()).toEqual(step === 0 ? [] : large.toSorted());
      steps.take(outputs);
    }
    prepared.dispose();
  });

  it.each([
    ['a gradient that is NaN, of the one', { 'data:first rows': NaN }, 'parameter_sum:first'],
    ['a gradient that is NaN, of the other', { 'data:second columns': NaN }, 'parameter_sum:second'],
    ['a gradient that is infinite', { 'data:second rows': Infinity }, 'parameter_sum:second'],
    ['a gradient that is NaN, of a small parameter', { 'data:bias': NaN }, 'parameter_sum:bias'],
    ['a number of the update', { 'hyper:rate': Infinity }, 'parameter_sum:first'],
    [
      'a rate that takes a large parameter alone out of float32',
      { 'hyper:lr': 1e30, 'data:first rows': 1e9 },
      'parameter_sum:first',
      { momentum: 0.9 },
    ],
    ['a loss that is NaN', { 'data:loss': NaN }, 'loss:total'],
    ['a loss that is infinite', { 'data:loss': -Infinity }, 'loss:total'],
  ] as const)('leaves all as it was after %s', async (_, wrong, key, sgd?: { readonly momentum: number }) => {
    const name = sgd === undefined ? 'adam' : 'sgd';
    const prepared = await engine.prepare(stepProgram({ name, options: { ...sgd } }));
    const steps = new Steps(prepared, true);
    for (let step = 0; step < 3; step += 1) steps.take(await steps.run());
    const before = await steps.values();
    const outputs = await steps.run(wrong);
    expect(Number.isFinite((await outputs.get(key)?.download())?.[0])).toBe(false);
    expect(await steps.values()).toEqual(before);
    disposeAll(outputs);
    // And can be gone on from, as if it had not been.
    const fresh = new Steps(prepared, false);
    for (let step = 0; step < 3; step += 1) fresh.take(await fresh.run());
    for (let step = 0; step < 120; step += 1) {
      steps.take(await steps.run());
      fresh.take(await fresh.run());
    }
    expect(await steps.values()).toEqual(await fresh.values());
    prepared.dispose();
  });

  it('goes on elsewhere where a failure cannot be ruled out, with the same numbers', async () => {
    const prepared = await engine.prepare(stepProgram({ name: 'adam' }));
    const [steps, apart] = [new Steps(prepared, true), new Steps(prepared, false)];
    // Squares that no float32 holds: sums stay finite, and nobody can know that before.
    const large = { 'data:first rows': 1e15, 'data:first columns': 1e10 };
    for (const wrong of [{}, {}, large, large, {}, {}]) {
      steps.take(await steps.run(wrong));
      apart.take(await apart.run(wrong));
      expect(await steps.values()).toEqual(await apart.values());
    }
    prepared.dispose();
  });

  it('throws before anything is written where an input does not fit', async () => {
    const prepared = await engine.prepare(stepProgram({ name: 'adam' }));
    const steps = new Steps(prepared, true);
    for (let step = 0; step < 3; step += 1) steps.take(await steps.run());
    const before = await steps.values();
    const [key, slot] = at(
      [...steps.tensors].filter(([own]) => own === 'state:squares/second'),
      0,
    );
    slot.dispose();
    expect(await errorOf(() => steps.run())).toMatchObject({ name: 'EngineError' });
    const { [key]: gone, ...others } = before;
    expect(gone).toBeDefined();
    expect(await steps.values(new Map([...steps.tensors].filter(([own]) => own !== key)))).toEqual(others);
    prepared.dispose();
  });

  /** A model of 10,000 numbers, whose gradient is a square of its data, and the loss a constant. */
  function bigArtifact(): Artifact {
    const artifact = coinArtifact();
    const b = new ProgramBuilder('gradient');
    const x = b.input('data', 'x', [{ batch: 1 }, 1]);
    const eta = b.input('parameter', 'eta', [SIDE, SIDE]);
    b.output('loss', 'total', b.constant(1));
    b.output('state', 'baseline/b', b.input('state', 'baseline/b', []));
    const total = b.reshape(b.sum(b.multiply(b.emit('square', [x], {}), x), [0]), [1, 1]);
    b.output('gradient', 'eta', b.matmul(b.matmul(eta, b.broadcast(total, [SIDE, 1])), b.broadcast(total, [1, SIDE])));
    const programs = { ...artifact.programs, gradient: b.finish() };
    const parameters = artifact.parameters.map((parameter) => ({ ...parameter, shape: [SIDE, SIDE] }));
    return { ...artifact, programs, parameters, data: [port('x', 'real', [1])] };
  }

  /** Rows 0, 1, …; a row of `wrong` where there is one. */
  function rowsWith(wrong: number | undefined): Dataset {
    const values = Float32Array.from({ length: 40 }, (_, row) => (row === wrong ? 3e30 : 0.1 * (row % 5)));
    return {
      rows: values.length,
      widths: { x: 1 },
      read: ({ indices }) => ({ x: Float32Array.from(indices, (row) => values[row] ?? NaN) }),
      order: () => (start, end) => Uint32Array.from({ length: end - start }, (_, place) => start + place),
    };
  }

  it('that fails leaves parameters and checkpoint as they were before the step, and says what it always says', async () => {
    const artifact = bigArtifact();
    const plainly: Engine = {
      name: engine.name,
      backend: engine.backend,
      precision: engine.precision,
      upload: (values, shape) => engine.upload(values, shape),
      prepare: async (program) => {
        const prepared = await engine.prepare(program);
        return { ...prepared, program, run: (inputs, batch) => prepared.run(inputs, batch), dispose: () => undefined };
      },
    };
    const outcomes = [];
    for (const own of [engine, plainly]) {
      const model = await loadModel(artifact, { engine: own, seed: 1 });
      const training = model.train({ data: rowsWith(17), batch: 1, steps: 40, optimizer: { name: 'adam' } });
      let last = { parameters: plain(await model.parameters()), checkpoint: await training.checkpoint() };
      const error = await errorOf(async () => {
        for await (const report of training) {
          expect(report.loss).toBe(1);
          last = { parameters: plain(await model.parameters()), checkpoint: await training.checkpoint() };
        }
      });
      expect(error).toMatchObject({ name: 'NonFiniteError', step: 18, place: 'eta' });
      expect(plain(await model.parameters())).toEqual(last.parameters);
      expect(await training.checkpoint()).toEqual(last.checkpoint);
      expect(last.checkpoint.step).toBe(17);
      outcomes.push({ ...last, message: error.message });
      model.dispose();
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
  });
});

/** All values of a program over wide inputs, each rounded to float32. */
function interpretRounding(program: Program, inputs: readonly Float32Array[]): readonly Float32Array[] {
  const values = [...inputs];
  const shapes = [...program.inputs, ...program.instructions].map(({ shape }) => shape as readonly number[]);
  for (const instruction of program.instructions) {
    const operands = instruction.args.map((arg) => {
      return { shape: at(shapes, arg), values: Float64Array.from(at(values, arg)) };
    });
    values.push(Float32Array.from(evaluateInstruction(instruction, operands, at(shapes, instruction.id), 1)));
  }
  return values;
}
