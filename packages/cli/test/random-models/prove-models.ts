/** The properties of random models, at any number of them. */
import { compile } from '@sbn/compiler';
import { format, renderDiagnostics, type Diagnostic, type Span } from '@sbn/dsl';
import fc, { type Arbitrary } from 'fast-check';
import { expect } from 'vitest';
import { expectSound } from './check-model.js';
import { decisions } from './choices.js';
import { featuresOf } from './features.js';
import { mutantsOf } from './mutate.js';
import { writeModel, type RandomModel } from './write-model.js';

export interface Runs {
  readonly seed: number;
  readonly runs: number;
}

/** Shown by its text. */
const models: Arbitrary<RandomModel> = decisions.map((numbers) => {
  const model = writeModel(numbers);
  return { ...model, [fc.toStringMethod]: () => `\n${model.text}` };
});

/** How long a model that fails is made simpler, in milliseconds: left alone, it can take an hour. */
const PATIENCE = 60_000;

/** A model that fails is shown as simple as a minute can make it. Gives how many of them have each feature. */
export async function proveModels({ seed, runs }: Runs): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let deadline = Infinity;
  await fc.assert(
    fc.asyncProperty(models, async (model) => {
      // Only once one has failed.
      if (performance.now() > deadline) return;
      try {
        for (const feature of featuresOf(await expectSound(model))) counts.set(feature, (counts.get(feature) ?? 0) + 1);
      } catch (error) {
        deadline = Math.min(deadline, performance.now() + PATIENCE);
        throw error;
      }
    }),
    { seed, numRuns: runs, unbiased: true },
  );
  return counts;
}

export interface MutantCount {
  readonly refused: number;
  readonly codes: ReadonlySet<string>;
}

/** No exception, whatever the text; an artifact or an error; and all places are in the text. */
export function refuseMutants({ seed, runs }: Runs): MutantCount {
  const codes = new Set<string>();
  let refused = 0;
  fc.assert(
    fc.property(mutantsOf(decisions.map((numbers) => writeModel(numbers).text)), (text) => {
      const source = { name: 'mutant.sbn', text };
      const { value, diagnostics } = compile(source);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(value === undefined).toBe(errors.length > 0);
      for (const diagnostic of diagnostics) for (const span of spansOf(diagnostic)) expectWithin(span, text);
      expect(renderDiagnostics(source, diagnostics, { color: false })).not.toMatch(/undefined|\[object/);
      format(source);
      for (const { code } of errors) codes.add(code);
      if (errors.length > 0) refused += 1;
    }),
    { seed, numRuns: runs, unbiased: true },
  );
  return { refused, codes };
}

function spansOf({ span, related }: Diagnostic): readonly Span[] {
  return [span, ...related.map((label) => label.span)];
}

function expectWithin({ start, end }: Span, text: string): void {
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThanOrEqual(start);
  expect(end).toBeLessThanOrEqual(text.length);
}
