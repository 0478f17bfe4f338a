import { at, interpretProgram, portKey, type PortKey, type ReferenceTensor } from '@sbn/program';
import { expect } from 'vitest';
import { disposeAll, type Engine, type EngineTensor } from '../../src/engine.js';
import type { KernelCase, Tolerance } from './kernel-cases.js';

/** Runs a case on the engine and in the reference interpreter, and expects the same within the tolerance. */
export async function expectReference(
  engine: Engine,
  { program, batch, inputs }: KernelCase,
  tolerance: Tolerance,
): Promise<void> {
  const reference = new Map<PortKey, ReferenceTensor>();
  const magnitudes = new Map<PortKey, ReferenceTensor>();
  const tensors = new Map<PortKey, EngineTensor>();
  program.inputs.forEach((input, index) => {
    const { shape, values } = at(inputs, index);
    reference.set(portKey(input), { shape, values: Float64Array.from(values) });
    magnitudes.set(portKey(input), { shape, values: Float64Array.from(values, Math.abs) });
    tensors.set(portKey(input), engine.upload(values, shape));
  });
  const prepared = await engine.prepare(program);
  const outputs = await prepared.run(tensors, batch);
  const expected = interpretProgram(program, reference, batch);
  for (const [key, { shape, values }] of expected) {
    const output = outputs.get(key);
    expect(output?.shape).toEqual(shape);
    const actual = [...((await output?.download()) ?? [])];
    expect(actual.length).toBe(values.length);
    const sums =
      typeof tolerance === 'object' && 'ofMagnitude' in tolerance
        ? interpretProgram(program, magnitudes, batch).get(key)
        : undefined;
    actual.forEach((value, index) => {
      const target = at(values, index);
      if (!agrees(value, target, tolerance, sums === undefined ? 0 : at(sums.values, index))) {
        expect.fail(`element ${String(index)}: ${String(value)}, and the reference gives ${String(target)}`);
      }
    });
  }
  disposeAll(outputs);
  disposeAll(tensors);
  prepared.dispose();
}

/** Numbers below this are denormal in float32, and may be flushed to zero. */
const SMALLEST = 2 ** -126;

function agrees(actual: number, reference: number, tolerance: Tolerance, magnitude: number): boolean {
  const expected = Math.fround(reference);
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (actual === expected || Math.abs(actual - expected) < SMALLEST) return true;
  if (tolerance === 'exact') return false;
  if ('ofMagnitude' in tolerance) return Math.abs(actual - expected) <= tolerance.ofMagnitude * magnitude;
  return Math.abs(actual - expected) <= tolerance.absolute + tolerance.relative * Math.abs(expected);
}
