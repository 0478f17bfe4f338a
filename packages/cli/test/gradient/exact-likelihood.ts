/**
 * E_d[−log Σ_v p(v | d) p(x | d, v)] for sites v that are summed out and sites d that are drawn, from nothing but the model with
 * all of its latents drawn: log p(d, v) and −log p(x | d, v) at each configuration, added up here.
 */
import {
  interpretProgram,
  portKey,
  resolveShape,
  type Artifact,
  type PortKey,
  type ReferenceTensor,
} from '@sbn/program';
import { enumerateConfigurations, latentVariables, type VerificationPoint } from '@sbn/runtime';

export interface Likelihood {
  readonly objective: number;
  /** By central differences. */
  readonly gradient: ReadonlyMap<string, readonly number[]>;
}

/** `drawn` is the model without a site that is summed out; `summed` names those that are to be. */
export function differentiateLikelihood(
  drawn: Artifact,
  summed: ReadonlySet<string>,
  point: VerificationPoint,
): Likelihood {
  const parameters = Object.fromEntries(
    Object.entries(point.parameters).map(([name, { values }]) => [name, Float64Array.from(values)]),
  );
  const objective = (): number => {
    let total = 0;
    for (let row = 0; row < point.rows; row += 1) total += objectiveOfRow(drawn, summed, point, parameters, row);
    return total / point.rows;
  };
  const gradient = new Map<string, readonly number[]>();
  const step = 1e-5;
  for (const { name } of drawn.parameters.filter(({ role }) => role === 'model')) {
    const values = parameters[name] ?? new Float64Array();
    const at = (index: number, value: number): number => {
      const kept = values[index] ?? NaN;
      values[index] = value;
      const result = objective();
      values[index] = kept;
      return result;
    };
    gradient.set(
      name,
      [...values].map((value, index) => (at(index, value + step) - at(index, value - step)) / (2 * step)),
    );
  }
  return { objective: objective(), gradient };
}

function objectiveOfRow(
  { programs, sites }: Artifact,
  summed: ReadonlySet<string>,
  point: VerificationPoint,
  parameters: Readonly<Record<string, Float64Array>>,
  row: number,
): number {
  const { count, values } = enumerateConfigurations(latentVariables(sites));
  const inputs = new Map<PortKey, ReferenceTensor>();
  for (const input of programs.configuration.inputs) {
    const shape = resolveShape(input.shape, count);
    const given = point.data[input.name];
    const width = (given?.length ?? 0) / point.rows;
    const tensor =
      input.role === 'parameter'
        ? parameters[input.name]
        : input.role === 'latent'
          ? values.get(input.name)
          : input.role === 'data'
            ? Float64Array.from({ length: count * width }, (_, index) => given?.[row * width + (index % width)] ?? NaN)
            : // Weights and running means have no part in what is read.
              new Float64Array(shape.reduce((product, length) => product * length, 1));
    inputs.set(portKey(input), { shape, values: tensor ?? new Float64Array([NaN]) });
  }
  const outputs = interpretProgram(programs.configuration, inputs, count);
  const logPrior = outputs.get('log_probability:latents')?.values ?? new Float64Array([NaN]);
  const cost = outputs.get('cost:total')?.values ?? new Float64Array([NaN]);

  // Configurations of the same drawn values d: p(d) and p(x, d).
  const byDrawn = new Map<string, { prior: number; joint: number }>();
  for (let index = 0; index < count; index += 1) {
    const columns = [...values].filter(([id]) => !summed.has(id));
    const key = columns.map(([, column]) => valueOf(column, count, index).join()).join(' ');
    const sums = byDrawn.get(key) ?? { prior: 0, joint: 0 };
    sums.prior += Math.exp(logPrior[index] ?? NaN);
    sums.joint += Math.exp((logPrior[index] ?? NaN) - (cost[index] ?? NaN));
    byDrawn.set(key, sums);
  }
  return [...byDrawn.values()].reduce((sum, { prior, joint }) => sum - prior * Math.log(joint / prior), 0);
}

function valueOf(column: Float64Array, count: number, index: number): Float64Array {
  const width = column.length / count;
  return column.subarray(index * width, (index + 1) * width);
}
