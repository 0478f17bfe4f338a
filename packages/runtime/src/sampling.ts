/** Draws from the prior and from the guide. */
import { InternalError, type PortKey } from '@sbn/program';
import type { Engine, Values } from './engine.js';
import type { PosteriorDraws, SiteValues } from './model.js';
import { outputsOf, tensorAt } from './ports.js';
import { runRows, type RowRun } from './row-batches.js';

/** Where an output goes. */
interface Target {
  readonly key: PortKey;
  readonly width: number;
  readonly values: Values;
}

/** Runs a program whose outputs are a `sample` and a `mean` of each site; those with a `mean` alone are reconstructed, if that is asked for. */
export async function drawRows(run: RowRun, reconstruct = false): Promise<PosteriorDraws> {
  const means = new Map(outputsOf(run.program, 'mean').map(({ name, key }) => [name, key]));
  const samples = new Map(outputsOf(run.program, 'sample').map(({ name, key }) => [name, key]));
  const sites: Record<string, SiteValues> = {};
  const reconstructions: Record<string, { readonly shape: readonly number[]; readonly mean: Values }> = {};
  let total = 0;
  await runRows(run, (rows) => {
    total = rows;
    const targets: Target[] = [];
    const receive = (key: PortKey, shape: readonly number[]): Values => {
      const width = shape.reduce((product, length) => product * length, 1);
      const values = allocate(run.engine, rows * width);
      targets.push({ key, width, values });
      return values;
    };
    for (const [name, meanKey] of means) {
      const info = run.artifact.sites.find(({ id }) => id === name);
      if (info === undefined) throw new InternalError(`site ${name} is not declared`);
      const { shape } = info;
      const key = samples.get(name);
      if (key !== undefined) sites[name] = { shape, sample: receive(key, shape), mean: receive(meanKey, shape) };
      else if (reconstruct) reconstructions[name] = { shape, mean: receive(meanKey, shape) };
    }
    return async ({ firstRow, outputs }) => {
      for (const { key, width, values } of targets)
        values.set(await tensorAt(outputs, key).download(), firstRow * width);
    };
  });
  return { rows: total, sites, reconstructions };
}

function allocate(engine: Engine, length: number): Values {
  return engine.precision === 'float32' ? new Float32Array(length) : new Float64Array(length);
}
