/** Programs with words lost or swapped are refused with diagnostics or still mean something; nothing is thrown. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryCheck } from './check-text.js';
import { expectConsistent } from './expect-consistent.js';

const FOLDER = new URL('fixtures/good/', import.meta.url);
const PROGRAMS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sbn'))
  .map((name) => readFileSync(new URL(name, FOLDER), 'utf8').split(/(\s+|[\p{L}_][\p{L}\p{N}_]*|\d+(?:\.\d+)?)/u));

interface Mutation {
  readonly kind: 'delete' | 'swap' | 'copy';
  readonly from: number;
  readonly to: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('delete' as const, 'swap' as const, 'copy' as const),
  from: fc.nat(10_000),
  to: fc.nat(10_000),
});

function mutate(words: readonly string[], mutations: readonly Mutation[]): string {
  const result = [...words];
  for (const { kind, from, to } of mutations) {
    const [a, b] = [from % result.length, to % result.length];
    const [first = '', second = ''] = [result[a], result[b]];
    if (kind === 'delete') result[a] = '';
    else {
      result[b] = first;
      if (kind === 'swap') result[a] = second;
    }
  }
  return result.join('');
}

describe('mutated programs', () => {
  it('are checked without throwing, and every diagnostic lies in the texts', () => {
    const texts = fc.tuple(fc.constantFrom(...PROGRAMS), fc.array(mutation, { minLength: 1, maxLength: 4 }));
    let checkedCount = 0;
    fc.assert(
      fc.property(texts, ([words, mutations]) => {
        const text = mutate(words, mutations);
        const checked = tryCheck(text);
        if (checked === undefined) return;
        checkedCount += 1;
        const hasError = checked.diagnostics.some(({ severity }) => severity === 'error');
        expect(checked.value === undefined).toBe(hasError);
        if (checked.value !== undefined) expectConsistent(checked.value);
        const { base, text: last } = checked.sources.at(-1) ?? checked.sources[0];
        const end = base + last.length;
        for (const { span, related } of checked.diagnostics) {
          for (const place of [span, ...related.map((label) => label.span)]) {
            expect(place.start).toBeGreaterThanOrEqual(0);
            expect(place.end).toBeGreaterThanOrEqual(place.start);
            expect(place.end).toBeLessThanOrEqual(end);
          }
        }
      }),
      { numRuns: 1_000, seed: 1 },
    );
    // A parser that gave up on all of them would make this test say nothing.
    expect(checkedCount).toBeGreaterThan(300);
  });
});
