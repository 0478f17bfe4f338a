/** What is measured of `iwae(k)`: bound and likelihood are of the same draws. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '@sbn/compiler';
import { createReferenceEngine, datasetFromArrays, loadModel, summarizeEvaluations } from '@sbn/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSbn, type Called } from './call-sbn.js';
import { FakeHost } from './fake-host.js';

const model = (draws: number): string => `data x: binary[16]
model {
  h ~ bernoulli(logits = bias(4))
  x ~ bernoulli(logits = dense(h, 16))
}
guide { h ~ bernoulli(logits = dense(x, 4)) }
maximize iwae(${String(draws)})
train { data x = bars(n = 4) }
`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-draws-'));
  writeFileSync(join(folder, 'model.sbn'), model(5));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function call(line: string): Promise<Called> {
  return callSbn(new FakeHost(folder), line);
}

interface Measured {
  readonly bound: number;
  readonly logLikelihood: number;
  /** Standard error of the latter, over the draws of the rows. */
  readonly error: number;
}

/** Of the model before any training. */
async function evaluate(draws: number, samples: number): Promise<Measured> {
  const { value } = compile({ name: 'model.sbn', text: model(draws) });
  if (value === undefined) throw new Error('the model does not compile');
  const loaded = await loadModel(value, { engine: createReferenceEngine(), seed: 1 });
  const x = Array.from({ length: 6 * 16 }, (_, index) => Number((index * 7) % 5 < 2));
  const rows = await loaded.evaluateRows(datasetFromArrays(value.data, { x }), { samples });
  loaded.dispose();
  const evaluation = summarizeEvaluations(rows);
  if (evaluation.kind !== 'bound' || rows.kind !== 'bound') throw new Error('a bound');
  const { bound, logLikelihood } = evaluation;
  const error = Math.hypot(...rows.logLikelihoodError) / rows.logLikelihoodError.length;
  return { bound: bound.mean, logLikelihood: logLikelihood.mean, error };
}

describe('a run that maximises iwae(5)', () => {
  it('ends with the bound alone, of one sample, as a likelihood from the same five draws is the same number', async () => {
    const { code, stdout } = await call('run model.sbn --steps 20 --out printed --quiet');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^negative bound +[\d.]+ ± [\d.]+ nats +\(training data, 30 rows, 1 sample of 5 draws each\)\ntrained for/,
    );
  });

  it('never has a likelihood below its bound', async () => {
    await call('run model.sbn --steps 20 --out measured --quiet');
    const { stdout } = await call('eval measured --samples 3');
    const [, bound, likelihood] =
      /^negative bound +([\d.]+) .*3 samples of 5 draws each\)\nnegative log likelihood +([\d.]+) /.exec(stdout) ?? [];
    // The logarithm of a mean is above the mean of the logarithms, for any draws.
    expect(Number(likelihood)).toBeLessThan(Number(bound));
  });
});

it('the same number of draws, in one sample or in many, estimates the same likelihood', async () => {
  const [many, one] = [await evaluate(5, 400), await evaluate(1, 2000)];
  const error = Math.hypot(many.error, one.error);
  expect(error).toBeLessThan(0.05);
  expect(Math.abs(many.logLikelihood - one.logLikelihood)).toBeLessThan(4 * error);
  // The bound of five draws lies between that of one and the likelihood, by far more than chance.
  expect(many.bound).toBeGreaterThan(one.bound + 8 * error);
  expect(many.bound).toBeLessThan(many.logLikelihood);
});
