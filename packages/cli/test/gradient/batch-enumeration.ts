/**
 * The expectation of an estimator over all configurations of a whole *batch* of rows, which share
 * one step: what shows a baseline that one row's draw leaks into through the others.
 */
import {
  interpretProgram,
  portKey,
  resolveShape,
  type Artifact,
  type PortKey,
  type ReferenceTensor,
} from '@sbn/program';
import { enumerateConfigurations, latentVariables } from '@sbn/runtime';
import type { Point } from './tiny-models.js';

/** E[ĝ] by parameter name for a model without data and a batch of two rows. */
export function expectOverPairs(artifact: Artifact, point: Point): ReadonlyMap<string, Float64Array> {
  const { count, values } = enumerateConfigurations(latentVariables(artifact.sites));
  const program = artifact.programs.configuration;
  const totals = new Map<string, Float64Array>();
  for (let first = 0; first < count; first += 1) {
    for (let second = 0; second < count; second += 1) {
      const inputs = new Map<PortKey, ReferenceTensor>();
      for (const input of program.inputs) {
        inputs.set(portKey(input), {
          shape: resolveShape(input.shape, 2),
          values: valueOf(input.role, input.name, first, second),
        });
      }
      const outputs = interpretProgram(program, inputs, 2);
      const logs = outputs.get('log_probability:latents')?.values ?? new Float64Array([NaN]);
      const probability = Math.exp(logs.reduce((sum, value) => sum + value, 0));
      for (const { name } of artifact.parameters) {
        const gradient = outputs.get(`gradient:${name}`)?.values ?? new Float64Array([NaN]);
        const total = totals.get(name) ?? new Float64Array(gradient.length);
        totals.set(
          name,
          total.map((sum, index) => sum + probability * (gradient[index] ?? NaN)),
        );
      }
    }
  }
  return totals;

  function valueOf(role: string, name: string, first: number, second: number): Float64Array {
    if (role === 'weight') return Float64Array.of(0.5, 0.5);
    if (role === 'state') return Float64Array.of(point.state[name] ?? NaN);
    if (role === 'parameter') return Float64Array.from(point.parameters[name]?.values ?? [NaN]);
    const column = values.get(name) ?? new Float64Array(count).fill(NaN);
    const width = column.length / count;
    return Float64Array.from([
      ...column.subarray(first * width, (first + 1) * width),
      ...column.subarray(second * width, (second + 1) * width),
    ]);
  }
}
