/** Draws from the prior and from the guide. */
import { InternalError } from '@sbn/program';
import type { Engine, Values } from './engine.js';
import type { Draws, SiteValues } from './model.js';
import { outputsOf, tensorAt } from './ports.js';
import { runRows, type RowRun } from './row-batches.js';

/** Runs a program whose outputs are a `sample` and a `mean` of each site. */
export async function drawRows(run: RowRun): Promise<Draws> {
  const means = new Map(outputsOf(run.program, 'mean').map(({ name, key }) => [name, key]));
  const sites: Record<string, SiteValues> = {};
  let total = 0;
  await runRows(run, (rows) => {
    total = rows;
    const targets = outputsOf(run.program, 'sample').map(({ name, key }) => {
      const meanKey = means.get(name);
      const info = run.artifact.sites.find(({ id }) => id === name);
      if (meanKey === undefined || info === undefined)
        throw new InternalError(`site ${name} has no mean or is not declared`);
      const width = info.shape.reduce((product, length) => product * length, 1);
      const values = {
        shape: info.shape,
        sample: allocate(run.engine, rows * width),
        mean: allocate(run.engine, rows * width),
      };
      sites[name] = values;
      return { key, meanKey, width, values };
    });
    return async ({ firstRow, outputs }) => {
      for (const { key, meanKey, width, values } of targets) {
        values.sample.set(await tensorAt(outputs, key).download(), firstRow * width);
        values.mean.set(await tensorAt(outputs, meanKey).download(), firstRow * width);
      }
    };
  });
  return { rows: total, sites };
}

function allocate(engine: Engine, length: number): Values {
  return engine.precision === 'float32' ? new Float32Array(length) : new Float64Array(length);
}
