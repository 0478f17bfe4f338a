/** What the compiled programs compute of a model is what its text means. */
import type { CompiledStages } from '@sbn/compiler';
import {
  interpretProgram,
  portKey,
  removeDeadCode,
  resolveShape,
  trainedShape,
  type Artifact,
  type PortKey,
  type ReferenceTensor,
  type SiteInfo,
} from '@sbn/program';
import type { VerificationPoint } from '@sbn/runtime';
import { expect } from 'vitest';
import { evaluateCost } from './evaluate-cost.js';
import type { Tensor } from './tensor.js';

/** Values of the latents that are looked at, beside the data rows in turn. */
const VALUES = 4;

/** The cost of each row in the program that verification runs, against the cost by indices alone. Requires that no site is summed out. */
export function expectMeaning({ model, artifact }: CompiledStages, point: VerificationPoint): void {
  if (model === undefined || artifact === undefined) throw new Error('no model');
  const latents = new Map(
    artifact.sites
      .filter(({ role }) => role === 'latent')
      .map((site, place) => [site.id, Array.from({ length: VALUES }, (_, row) => pickValue(site, row, place))]),
  );
  const computed = runCosts(artifact, latents, point);
  const parameters = new Map(
    Object.entries(point.parameters).map(([name, { shape, values }]) => [name, { shape, values: [...values] }]),
  );
  for (let row = 0; row < VALUES; row += 1) {
    const data = new Map(
      artifact.data.map(({ name, shape }) => [name, { shape, values: dataRow(point, name, row) }] as const),
    );
    const values = new Map(
      [...latents].flatMap(([id, rows]) => rows.slice(row, row + 1).map((value) => [id, value] as const)),
    );
    const meant = evaluateCost(model, { data, parameters, latents: values });
    expect(meant).toSatisfy(Number.isFinite);
    expect(Math.abs((computed[row] ?? NaN) - meant) / Math.max(1, Math.abs(meant)), `cost of row ${row}`).toBeLessThan(
      1e-9,
    );
  }
}

/** In no order: fractional parts of multiples of the golden ratio. */
function pickValue(site: SiteInfo, row: number, place: number): Tensor {
  const { element, largest } = site;
  const shape = trainedShape(site);
  const size = shape.reduce((product, length) => product * length, 1);
  const uniform = (index: number): number => ((1 + index + 101 * row + 1009 * place) * 0.6180339887) % 1;
  if (element.kind !== 'onehot') {
    const choices = element.kind === 'binary' ? 2 : 1 + Math.min(2, largest ?? 2);
    return { shape, values: Array.from({ length: size }, (_, index) => Math.floor(choices * uniform(index))) };
  }
  const { classes } = element;
  const values = Array.from({ length: size }, (_, index) =>
    Number(index % classes === Math.floor(classes * uniform(Math.floor(index / classes)))),
  );
  return { shape, values };
}

function dataRow({ data, rows }: VerificationPoint, name: string, row: number): readonly number[] {
  const all = [...(data[name] ?? [])];
  const width = all.length / rows;
  return all.slice((row % rows) * width, ((row % rows) + 1) * width);
}

function runCosts(
  { programs: { configuration } }: Artifact,
  latents: ReadonlyMap<string, readonly Tensor[]>,
  point: VerificationPoint,
): Float64Array {
  const outputs = configuration.outputs.filter(({ role, name }) => role === 'cost' && name === 'total');
  const program = removeDeadCode({ ...configuration, outputs });
  const inputs = program.inputs.map(({ role, name, shape: dims }): readonly [PortKey, ReferenceTensor] => {
    const shape = resolveShape(dims, VALUES);
    const rows = Array.from({ length: VALUES }, (_, row) => row);
    const values =
      role === 'parameter'
        ? [...(point.parameters[name]?.values ?? [])]
        : role === 'data'
          ? rows.flatMap((row) => dataRow(point, name, row))
          : role === 'latent'
            ? (latents.get(name) ?? []).flatMap((value) => value.values)
            : // What is left of weights and states has no part in a cost.
              Array.from({ length: shape.reduce((product, length) => product * length, 1) }, () => 0);
    return [portKey({ role, name }), { shape, values: Float64Array.from(values) }];
  });
  const costs = interpretProgram(program, new Map(inputs), VALUES).get('cost:total');
  if (costs === undefined) throw new Error('no cost');
  return costs.values;
}
