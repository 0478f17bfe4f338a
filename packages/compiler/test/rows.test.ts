/** What long models are compiled with, beside what it stands for. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, countBits, namesIn, rowOfBits } from '../src/bit-rows.js';
import { createInstructionTable } from '../src/optimize/instruction-table.js';
import { downstreamSites, reachDownstream } from '../src/reachability.js';

const members = fc.uniqueArray(fc.nat(99));

test('the numbers of a row are counted and named', () => {
  const names = Array.from({ length: 100 }, (_, place) => `site ${String(place)}`);
  fc.assert(
    fc.property(members, fc.nat(99), (numbers, without) => {
      const row = rowOfBits(numbers, 100);
      const sorted = numbers.toSorted((a, b) => a - b);
      expect(bitsOf(row)).toEqual(sorted);
      expect(countBits(row)).toBe(numbers.length);
      expect(namesIn(row, names)).toEqual(sorted.map((place) => names[place]));
      expect(namesIn(row, names, without)).toEqual(
        sorted.filter((place) => place !== without).map((place) => names[place]),
      );
    }),
  );
});

/** Sites in topological order: each has some of those before it as parents. */
const graph = fc
  .array(fc.uniqueArray(fc.nat(30), { maxLength: 4 }), { maxLength: 40 })
  .map((sites) => sites.map((parents, place) => parents.filter((parent) => parent < place)));

test('a site reaches what its children reach', () => {
  fc.assert(
    fc.property(graph, (sites) => {
      const reaches = (from: number, to: number): boolean =>
        (sites[to] ?? []).some((parent) => parent === from || reaches(from, parent));
      const below = sites.map((_, from) => sites.flatMap((__, to) => (reaches(from, to) ? [to] : [])));
      const parents = new Map(sites.map((of, place) => [`s${String(place)}`, of.map((other) => `s${String(other)}`)]));
      expect([...downstreamSites(parents).values()]).toEqual(below.map((of) => of.map((to) => `s${String(to)}`)));
      // Two marks of each site's own.
      const own = sites.map((_, place) => rowOfBits([place, 99 - place], 100));
      const marks = below.map((of, place) => [place, ...of].flatMap((to) => [to, 99 - to]).sort((a, b) => a - b));
      expect(reachDownstream(parents, own).map(bitsOf)).toEqual(marks.map((of) => [...new Set(of)]));
    }),
    { numRuns: 50 },
  );
});

test('a table of instructions finds what was added to it, and nothing else', () => {
  const number = fc.oneof(fc.integer({ min: -1, max: 9 }), fc.integer({ min: -1, max: 2 ** 31 - 1 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), number, number), { maxLength: 500, size: 'max' }), (keys) => {
      const table = createInstructionTable();
      const known = new Map<string, number>();
      keys.forEach(([kind, first, second], value) => {
        const key = `${String(kind)} ${String(first)} ${String(second)}`;
        expect(table.find(kind, first, second)).toBe(known.get(key) ?? -1);
        if (known.has(key)) return;
        table.add(kind, first, second, value);
        known.set(key, value);
      });
      for (const [kind, first, second] of keys) {
        expect(table.find(kind, first, second)).toBe(known.get(`${String(kind)} ${String(first)} ${String(second)}`));
      }
    }),
    { numRuns: 20 },
  );
});
