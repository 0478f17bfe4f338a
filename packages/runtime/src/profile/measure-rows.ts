/** Runs a profile program over rows and draws, and keeps what every row's draws say of every site. */
import { InternalError, type PortKey } from '@sbn/program';
import { DataSource } from '../data/data-source.js';
import type { Dataset } from '../dataset.js';
import { disposeAll, type Engine, type EngineTensor, type EngineTensors } from '../engine.js';
import { NoiseSource } from '../noise/noise-source.js';
import { outputsOf, tensorAt } from '../ports.js';
import type { EstimatorAtWork } from './estimator-at-work.js';
import { RowMoments, type RowStatistics } from './row-moments.js';

export interface MeasuredSite {
  readonly site: string;
  /** Elements of the site's parameters. */
  readonly width: number;
  readonly estimator: readonly RowStatistics[];
  /** The uncentred likelihood ratio of the local costs, F_i · s, at the same draws. */
  readonly likelihoodRatio: readonly RowStatistics[];
}

export interface MeasureOptions {
  readonly engine: Engine;
  readonly data: Dataset | undefined;
  /** Which rows of the data; without data, as many rows as this has. */
  readonly indices: Uint32Array;
  readonly draws: number;
  /** Rows at a time. */
  readonly batch: number;
  readonly seed: number;
  readonly beforeRun: () => Promise<void>;
}

interface SiteRows {
  readonly site: string;
  readonly width: number;
  readonly estimator: RowStatistics[];
  readonly likelihoodRatio: RowStatistics[];
}

/** What is added up for the rows that are run at the same time. */
interface SiteMoments {
  readonly rows: SiteRows;
  readonly estimator: readonly RowMoments[];
  readonly likelihoodRatio: readonly RowMoments[];
}

/** A row's noise follows from (seed, site, place among the rows, draw), so estimators see the same draws. */
export async function measureRows(work: EstimatorAtWork, options: MeasureOptions): Promise<readonly MeasuredSite[]> {
  const { engine, indices, draws, batch, seed } = options;
  const { program } = work.profile;
  const source = new DataSource(engine, work.artifact, program, options.data);
  const noise = new NoiseSource(engine, program, 'profile', seed);
  const sites = outputsOf(program, 'site_gradient').map(({ name: site }): SiteRows => {
    return { site, width: widthOf(work, site), estimator: [], likelihoodRatio: [] };
  });
  for (let first = 0; first < indices.length; first += batch) {
    const chunk = indices.slice(first, first + batch);
    const rows = chunk.length;
    const moments = sites.map((site): SiteMoments => {
      const fresh = (): readonly RowMoments[] => Array.from(chunk, () => new RowMoments(site.width));
      return { rows: site, estimator: fresh(), likelihoodRatio: fresh() };
    });
    const data = await source.take({ indices: chunk, epoch: 0, seed });
    try {
      for (let draw = 0; draw < draws; draw += 1) {
        await options.beforeRun();
        const drawn = noise.upload(rows, { row: first, step: 0, draw });
        const inputs = new Map<PortKey, EngineTensor>([...work.tensors, ...data, ...drawn]);
        const outputs = await work.profile.run(inputs, rows);
        disposeAll(drawn);
        for (const site of moments) await addDraw(site, outputs);
        disposeAll(outputs);
      }
    } finally {
      disposeAll(data);
    }
    for (const { rows: site, estimator, likelihoodRatio } of moments) {
      site.estimator.push(...estimator.map((row) => row.statistics()));
      site.likelihoodRatio.push(...likelihoodRatio.map((row) => row.statistics()));
    }
  }
  return sites;
}

async function addDraw({ rows, estimator, likelihoodRatio }: SiteMoments, outputs: EngineTensors): Promise<void> {
  const { site, width } = rows;
  const gradient = await tensorAt(outputs, `site_gradient:${site}`).download();
  const score = await tensorAt(outputs, `site_score:${site}`).download();
  const cost = await tensorAt(outputs, `site_cost:${site}`).download();
  estimator.forEach((row, index) => {
    row.add(gradient, 1, score, index * width);
  });
  likelihoodRatio.forEach((row, index) => {
    row.add(score, cost[index] ?? NaN, score, index * width);
  });
}

function widthOf({ profile: { program } }: EstimatorAtWork, site: string): number {
  const output = program.outputs.find(({ role, name }) => role === 'site_gradient' && name === site);
  const values = [...program.inputs, ...program.instructions];
  const width = values.find(({ id }) => id === output?.value)?.shape[1];
  if (typeof width !== 'number') throw new InternalError(`the gradient of ${site} has no width`);
  return width;
}
