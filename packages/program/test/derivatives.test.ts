import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  at,
  deriveInstruction,
  interpretProgram,
  isOpKind,
  OPS,
  ProgramBuilder,
  resolveShape,
  smoothnessOf,
  verifyProgram,
  type AttributesOf,
  type OpKind,
  type PortKey,
  type Program,
  type ReferenceTensor,
} from '../src/index.js';
import { emitSample, instructionAt, operandKey, SAMPLES, sampleInputs, type Sample } from './op-samples.js';

/** Operations that say 0 where there is a slope: no derivative passes, and a draw is no function to be differentiated. */
const SAYS_ZERO: ReadonlySet<OpKind> = new Set<OpKind>(['stop_gradient', 'gamma_quantile', 'beta_quantile']);

const KINDS = Object.keys(OPS).filter(isOpKind);

/** The step of difference quotients; for functions whose jumps may be anywhere, so small that no sample is as near to one. */
const STEP = 1e-3;
const STEP_BETWEEN_JUMPS = 1e-6;
const JUMPS_ANYWHERE: ReadonlySet<OpKind> = new Set<OpKind>(['negative_binomial_quantile', 'multinomial_draw']);

/** Derivatives with respect to every element of an operand, by the five-point central difference of order h⁴. */
function differences(
  program: Program,
  inputs: ReadonlyMap<PortKey, ReferenceTensor>,
  key: PortKey,
  batch: number,
  h: number,
) {
  const operand = inputs.get(key) ?? { shape: [], values: new Float64Array() };
  return operand.values.map((value, place) => {
    const total = (step: number): number => {
      const moved = { shape: operand.shape, values: operand.values.with(place, value + step) };
      const results = interpretProgram(program, new Map(inputs).set(key, moved), batch);
      return results.get('loss:total')?.values[0] ?? NaN;
    };
    return (total(-2 * h) - 8 * total(-h) + 8 * total(h) - total(2 * h)) / (12 * h);
  });
}

/** `Σ adjoint · op(operands)` as loss, with the gradients that the op's rule gives. */
function differentiate<K extends OpKind>(
  kind: K,
  sample: Sample<AttributesOf<K>>,
): { program: Program; derived: boolean[] } {
  const builder = new ProgramBuilder('derivative');
  const value = emitSample(builder, kind, sample);
  const shape = builder.shapeOf(value);
  const adjoint = builder.input('data', 'adjoint', shape);
  const axes = shape.map((_, axis) => axis);
  builder.output('loss', 'total', builder.sum(builder.multiply(adjoint, value), axes));
  const wanted = sample.operands.map(() => true);
  const adjoints = deriveInstruction(builder, instructionAt(builder, value), adjoint, wanted);
  for (const [position, gradient] of adjoints.entries()) {
    if (gradient === undefined) continue;
    expect(builder.shapeOf(gradient)).toEqual(at(sample.operands, position).shape);
    builder.output('gradient', `x${String(position)}`, gradient);
  }
  const program = builder.finish();
  verifyProgram(program);
  return { program, derived: adjoints.map((gradient) => gradient !== undefined) };
}

function adjointOf(program: Program, batch: number): ReferenceTensor {
  const input = program.inputs.find(({ name }) => name === 'adjoint');
  const shape = resolveShape(input?.shape ?? [], batch);
  const length = shape.reduce((count, each) => count * each, 1);
  return { shape, values: Float64Array.from({ length }, (_, place) => Math.cos(3 * place + 1) + 0.1) };
}

function checkDerivative<K extends OpKind>(kind: K, sample: Sample<AttributesOf<K>>): void {
  const { program, derived } = differentiate(kind, sample);
  const inputs = sampleInputs(sample).set('data:adjoint', adjointOf(program, sample.batch));
  const results = interpretProgram(program, inputs, sample.batch);
  expect(derived).toHaveLength(sample.operands.length);
  for (const position of sample.operands.keys()) {
    const flat = smoothnessOf(kind, position) === 'flat';
    const step = JUMPS_ANYWHERE.has(kind) ? STEP_BETWEEN_JUMPS : STEP;
    const numeric = differences(program, inputs, operandKey(position), sample.batch, step);
    expect(derived[position]).toBe(!flat);
    const exact = flat ? numeric.map((slope) => (SAYS_ZERO.has(kind) ? slope : 0)) : undefined;
    const symbolic = exact ?? results.get(`gradient:x${String(position)}`)?.values ?? new Float64Array();
    expect(symbolic).toHaveLength(numeric.length);
    numeric.forEach((slope, place) => {
      const scale = Math.max(1, Math.abs(slope));
      expect(Math.abs(at(symbolic, place) - slope) / scale).toBeLessThan(1e-8);
    });
  }
}

describe('derivative rules agree with finite differences', () => {
  function check<K extends OpKind>(kind: K, samples: fc.Arbitrary<Sample<AttributesOf<K>>>): void {
    fc.assert(
      fc.property(samples, (sample) => {
        checkDerivative(kind, sample);
      }),
      { numRuns: 60 },
    );
  }
  for (const kind of KINDS) {
    it(kind, () => {
      check(kind, SAMPLES[kind]);
    });
  }
});

/** The derivative of each operand at scalars, with adjoint 1. */
function slopes(kind: OpKind, ...operands: readonly number[]): readonly (number | undefined)[] {
  const builder = new ProgramBuilder('slopes');
  const args = operands.map((_, position) => builder.input('parameter', `x${String(position)}`, []));
  const value = builder.emit(kind, args, {});
  const wanted = args.map(() => true);
  const adjoints = deriveInstruction(builder, instructionAt(builder, value), builder.constant(1), wanted);
  adjoints.forEach((gradient, position) => {
    if (gradient !== undefined) builder.output('gradient', String(position), gradient);
  });
  const inputs = operands.map(
    (x, position) => [operandKey(position), { shape: [], values: Float64Array.of(x) }] as const,
  );
  const results = interpretProgram(builder.finish(), new Map(inputs), 1);
  return adjoints.map((_, position) => results.get(`gradient:${String(position)}`)?.values[0]);
}

describe('derivatives at the edges', () => {
  it('power at base 0', () => {
    expect(slopes('power', 0, 1)).toEqual([1, 0]);
    expect(slopes('power', 0, 2)).toEqual([0, 0]);
    expect(slopes('power', 0, 0)).toEqual([0, 0]);
    expect(slopes('power', 0, 0.5)).toEqual([Infinity, 0]);
  });

  it('power of a negative base by a whole exponent', () => {
    expect(slopes('power', -3, 2)[0]).toBe(-6);
    expect(slopes('power', -3, 2)[1]).toBeNaN();
  });

  it('a kink at 0 has derivative 0', () => {
    expect(slopes('relu', 0)).toEqual([0]);
    expect(slopes('abs', 0)).toEqual([0]);
  });

  it('a tie of maximum or minimum passes the adjoint to the second operand', () => {
    expect(slopes('maximum', 2, 2)).toEqual([0, 1]);
    expect(slopes('minimum', 2, 2)).toEqual([0, 1]);
  });

  it('softplus and sigmoid are finite far out', () => {
    expect(slopes('softplus', 1000)).toEqual([1]);
    expect(slopes('softplus', -1000)).toEqual([0]);
    expect(slopes('sigmoid', 1000)).toEqual([0]);
    expect(slopes('sigmoid', -1000)).toEqual([0]);
  });

  it('max shares the adjoint among equals', () => {
    const builder = new ProgramBuilder('ties');
    const x = builder.input('parameter', 'x0', [2, 3]);
    const largest = builder.emit('max', [x], { axes: [1], keep: false });
    const seed = builder.emit('constant', [], { shape: [2], values: [1, 6] });
    const [gradient = NaN] = deriveInstruction(builder, instructionAt(builder, largest), seed, [true]);
    builder.output('gradient', 'x0', gradient);
    const values = Float64Array.of(5, 1, 5, 2, 2, 2);
    const results = interpretProgram(builder.finish(), new Map([[operandKey(0), { shape: [2, 3], values }]]), 1);
    expect(results.get('gradient:x0')?.values).toEqual(Float64Array.of(0.5, 0, 0.5, 2, 2, 2));
  });

  it('emits nothing for operands that are not wanted', () => {
    const builder = new ProgramBuilder('unwanted');
    const a = builder.input('parameter', 'a', [2, 3]);
    const b = builder.input('parameter', 'b', [3, 4]);
    const product = builder.matmul(a, b);
    const before = builder.size;
    expect(deriveInstruction(builder, instructionAt(builder, product), product, [false, false])).toEqual([
      undefined,
      undefined,
    ]);
    expect(builder.size).toBe(before);
    const [, toB] = deriveInstruction(builder, instructionAt(builder, product), product, [false, true]);
    expect(toB).toBe(builder.size - 1);
    expect(builder.size).toBe(before + 2);
  });
});
