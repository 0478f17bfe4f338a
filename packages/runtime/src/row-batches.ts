/** Runs a program over rows, a batch at a time, without training. */
import type { Artifact, PortKey, Program } from '@sbn/program';
import { createBreather } from './breathe.js';
import { consecutiveRows, DataSource, type ReadRows } from './data/data-source.js';
import type { Dataset, ReadRequest } from './dataset.js';
import { disposeAll, type Engine, type EngineTensor, type EngineTensors, type PreparedProgram } from './engine.js';
import { allocating, checkProgramMemory } from './memory.js';
import { NoiseSource } from './noise/noise-source.js';

export interface RowRun {
  readonly engine: Engine;
  readonly artifact: Artifact;
  readonly program: Program;
  readonly prepare: () => Promise<PreparedProgram>;
  readonly parameters: EngineTensors;
  /** Names the noise streams. */
  readonly purpose: string;
  readonly seed: number;
  readonly data: Dataset | undefined;
  /** How many rows, where that does not follow from the data. */
  readonly rows: (dataRows: number | undefined) => number;
  readonly batch: number;
  /** How often each row is drawn. */
  readonly draws: number;
  readonly signal: AbortSignal | undefined;
}

/** The outputs of one batch and draw; valid until `visit` returns. */
export interface RowVisit {
  readonly firstRow: number;
  readonly rows: number;
  readonly draw: number;
  readonly outputs: EngineTensors;
}

/**
 * Calls `visit` for each batch of consecutive rows and each draw, and returns the number of rows. A
 * row's noise follows from (seed, purpose, row, draw), so neither `batch` nor other rows change it.
 * @throws DataError; EngineError where it cannot fit into memory; the signal's reason when it is aborted.
 */
export async function runRows(run: RowRun, start: (rows: number) => (visit: RowVisit) => Promise<void>): Promise<void> {
  const source = new DataSource(run.engine, run.artifact, run.program, run.data);
  const noise = new NoiseSource(run.engine, run.program, run.purpose, run.seed);
  const rows = run.rows(source.rows);
  checkProgramMemory(run.engine, run.program, Math.min(run.batch, rows));
  const visit = allocating(`the results for ${String(rows)} rows`, () => start(rows));
  const prepared = await run.prepare();
  const breathe = createBreather();
  const requestFor = (firstRow: number): ReadRequest => {
    const indices = consecutiveRows(firstRow, Math.min(run.batch, rows - firstRow));
    return { indices, epoch: 0, seed: run.seed };
  };
  /** Asks for the rows of a batch that are read elsewhere, while another is computed. */
  const ask = (firstRow: number): Promise<ReadRows> => {
    const asked = source.read(requestFor(firstRow));
    // What is wrong with them is said when their turn comes.
    asked.catch(() => undefined);
    return asked;
  };
  let next: Promise<ReadRows> | undefined;
  for (let firstRow = 0; firstRow < rows; firstRow += run.batch) {
    const count = Math.min(run.batch, rows - firstRow);
    const data = next === undefined ? await source.take(requestFor(firstRow)) : source.upload(await next);
    if (firstRow + run.batch < rows && !source.isAtHand) next = ask(firstRow + run.batch);
    try {
      for (let draw = 0; draw < run.draws; draw += 1) {
        await breathe();
        run.signal?.throwIfAborted();
        const drawn = noise.upload(count, { row: firstRow, step: 0, draw });
        const outputs = await runOnce(prepared, [run.parameters, data, drawn], count);
        disposeAll(drawn);
        try {
          await visit({ firstRow, rows: count, draw, outputs });
        } finally {
          disposeAll(outputs);
        }
      }
    } finally {
      disposeAll(data);
    }
  }
}

function runOnce(prepared: PreparedProgram, inputs: readonly EngineTensors[], batch: number): Promise<EngineTensors> {
  return prepared.run(new Map<PortKey, EngineTensor>(inputs.flatMap((tensors) => [...tensors])), batch);
}
