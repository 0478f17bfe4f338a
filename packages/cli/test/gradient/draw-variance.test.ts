/**
 * Variances of estimators that draw again, which `measureVariance` makes of the parts of the sites, against the plain sum over the
 * product of the latents and all further draws together.
 */
import {
  interpretProgram,
  portKey,
  resolveShape,
  type Artifact,
  type PortKey,
  type ReferenceTensor,
} from '@sbn/program';
import {
  drawVariables,
  enumerateConfigurations,
  latentVariables,
  measureVariance,
  verifyGradient,
  createReferenceEngine,
} from '@sbn/runtime';
import { describe, expect, test } from 'vitest';
import type { TableModel } from './model-table.js';
import { compileCell, pickRow } from './table-check.js';
import type { Point } from './tiny-models.js';

interface Sums {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  /** Of all configurations. */
  readonly probability: number;
  readonly count: number;
}

/** Of all elements of all of the model's parameters, in order. */
function sumUp(artifact: Artifact, point: Point): Sums {
  const program = artifact.programs.configuration;
  const drawing = [...new Set(artifact.draws.map(({ site }) => site))];
  const variables = [...latentVariables(artifact.sites), ...drawing.flatMap((site) => drawVariables(artifact, site))];
  const { count, values, weights } = enumerateConfigurations(variables);
  const names = artifact.parameters.filter(({ role }) => role === 'model').map(({ name }) => name);
  const gradients: { readonly share: number; readonly gradient: readonly number[] }[] = [];
  for (let row = 0; row < count; row += 1) {
    const inputs = new Map<PortKey, ReferenceTensor>();
    for (const input of program.inputs) {
      const column = values.get(input.name);
      const width = (column?.length ?? 0) / count;
      const tensor = column?.subarray(row * width, (row + 1) * width) ??
        point.parameters[input.name]?.values ??
        point.data[input.name] ?? [input.role === 'weight' ? 1 : (point.state[input.name] ?? NaN)];
      inputs.set(portKey(input), { shape: resolveShape(input.shape, 1), values: Float64Array.from(tensor) });
    }
    const outputs = interpretProgram(program, inputs, 1);
    const valuesOf = (key: PortKey): readonly number[] => [...(outputs.get(key)?.values ?? [NaN])];
    const logs = ['latents', ...drawing].flatMap((name) => valuesOf(`log_probability:${name}`));
    const share = Math.exp(logs.reduce((sum, log) => sum + log, 0)) * (weights?.[row] ?? 1);
    gradients.push({ share, gradient: names.flatMap((name) => valuesOf(`gradient:${name}`)) });
  }
  const average = (of: (value: number, index: number) => number): readonly number[] =>
    (gradients[0]?.gradient ?? []).map((_, index) =>
      gradients.reduce((sum, { share, gradient }) => sum + share * of(gradient[index] ?? NaN, index), 0),
    );
  const mean = average((value) => value);
  const variance = average((value, index) => (value - (mean[index] ?? NaN)) ** 2);
  return { mean, variance, probability: gradients.reduce((sum, { share }) => sum + share, 0), count };
}

const UNIT = { units: 1, classes: 2, cut: 3 };
const CHAIN = { distribution: 'bernoulli', structure: 'chain of 2', objective: 'elbo' } as const;

describe.each<readonly [estimator: string, model: TableModel, configurations: number]>([
  ['rloo', CHAIN, 4 * 4 * 2],
  ['rloo(3)', CHAIN, 4 * 16 * 4],
  ['rloo', { ...CHAIN, structure: 'skip connection', objective: 'loss' }, 8 * 8 * 4 * 2],
  ['disarm', CHAIN, 4 * 4 * 2],
  ['disarm', { ...CHAIN, structure: 'trained cost' }, 4 * 4 * 2],
  ['muprop(draws = 2)', CHAIN, 4 * 4 * 2],
  ['muprop(order = 1, draws = 2)', { ...CHAIN, structure: 'trained cost', objective: 'likelihood' }, 4 * 4 * 2],
  ['muprop(draws = 2)', { ...CHAIN, distribution: 'categorical' }, 4 * 4 * 2],
  ['gumbel(0.5)', { ...CHAIN, structure: 'trained cost' }, 4 * 12 * 12],
])('%s on %o', (estimator, model, configurations) => {
  const cell = compileCell(model, `estimator ${estimator}`, [UNIT, UNIT, UNIT]);
  const point = pickRow(cell);
  const all = sumUp(cell.artifact, point);

  test('the product of everything is complete', () => {
    expect(all.count).toBe(configurations);
    expect(all.probability).toBeCloseTo(1, 12);
  });

  test('the variance and the mean are those of the product', async () => {
    const measured = await measureVariance(cell.artifact, point);
    const { parameters } = await verifyGradient(cell.artifact, { engine: createReferenceEngine(), ...point });
    const variance = [...(measured?.variance.values() ?? [])].flatMap((values) => [...values]);
    const mean = parameters.flatMap(({ estimated }) => [...estimated]);
    expect(variance).toHaveLength(all.variance.length);
    const largest = Math.max(...all.variance);
    expect(largest).toBeGreaterThan(1e-4);
    variance.forEach((value, index) => {
      expect(Math.abs(value - (all.variance[index] ?? NaN))).toBeLessThan(1e-12 * largest);
    });
    const longest = Math.max(...all.mean.map(Math.abs));
    mean.forEach((value, index) => {
      expect(Math.abs(value - (all.mean[index] ?? NaN))).toBeLessThan(1e-12 * longest);
    });
  });
});
