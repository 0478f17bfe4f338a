/** What long models are compiled with, beside what it stands for. */
import { ProgramBuilder, type Draft, type ValueId } from '@sbn/program';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, countBits, namesIn, rowOfBits, setBit, spreadBits } from '../src/bit-rows.js';
import { createInstructionTable } from '../src/optimize/instruction-table.js';
import { createNumbering } from '../src/optimize/number-attributes.js';
import { downstreamSites, reachDownstream } from '../src/reachability.js';
import { ValueNumbers } from '../src/value-numbers.js';

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

test('many instructions on one value are told apart', () => {
  const table = createInstructionTable();
  for (let other = 0; other < 5000; other += 1) table.add(1, other, 10_000, other);
  for (let other = 0; other < 5000; other += 1) expect(table.find(1, other, 10_000)).toBe(other);
  expect(table.find(2, 0, 10_000)).toBe(-1);
});

test('instructions have one number where they differ in their first two operands alone', () => {
  const value = fc.oneof(fc.integer({ min: -2, max: 3 }), fc.constantFrom(-0, 0.5, NaN, Infinity, 2 ** 31, 2 ** 40));
  const axes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
  const dim = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.record({ batch: fc.integer({ min: 1, max: 3 }) }));
  const shape = fc.array(dim, { maxLength: 3 });
  const draft = fc.oneof(
    fc.record({ kind: fc.constantFrom('add', 'subtract'), args: fc.constant([0, 1]), attributes: fc.constant({}) }),
    fc.record({
      kind: fc.constant('constant'),
      args: fc.constant([]),
      attributes: fc.record({ shape, values: fc.array(value, { maxLength: 3 }) }),
    }),
    fc.record({
      kind: fc.constantFrom('sum', 'max'),
      args: fc.constant([0]),
      attributes: fc.record({ axes, keep: fc.boolean() }),
    }),
    fc.record({
      kind: fc.constant('slice'),
      args: fc.constant([0]),
      attributes: fc.record({ begin: shape, size: shape }),
    }),
    fc.record({
      kind: fc.constant('select'),
      args: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
      attributes: fc.constant({}),
    }),
  ) as fc.Arbitrary<Pick<Draft, 'kind' | 'args' | 'attributes'>>;
  const textOf = ({ kind, args, attributes }: Pick<Draft, 'kind' | 'args' | 'attributes'>): string =>
    JSON.stringify([kind, args.slice(2), attributes], (_, part: unknown) =>
      typeof part === 'number' && (Object.is(part, -0) || !Number.isFinite(part))
        ? `number ${Object.is(part, -0) ? '-0' : String(part)}`
        : part,
    );
  fc.assert(
    fc.property(fc.array(draft, { maxLength: 200, size: 'max' }), (drafts) => {
      const numberOf = createNumbering();
      const numbers = new Map<string, number>();
      for (const instruction of drafts) {
        const number = numberOf({ ...instruction, shape: [] } as Draft);
        expect(number).toBe(numbers.get(textOf(instruction)) ?? number);
        numbers.set(textOf(instruction), number);
      }
      expect(new Set(numbers.values()).size).toBe(numbers.size);
    }),
    { numRuns: 30 },
  );
});

test('what was noted of values for one question is forgotten at the next', () => {
  const noted = new ValueNumbers();
  noted.begin(10);
  noted.set(3, 7);
  expect([noted.get(3), noted.get(4)]).toEqual([7, -1]);
  noted.begin(5000);
  expect(noted.get(3)).toBe(-1);
  noted.set(4999, 0);
  expect(noted.get(4999)).toBe(0);
});

test('a value has the bits of its operands and its own', () => {
  const operands = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 40 });
  const seeded = fc.array(fc.tuple(fc.nat(45), fc.nat(99)), { maxLength: 8 });
  fc.assert(
    fc.property(operands, seeded, members, (pairs, seeds, masked) => {
      const builder = new ProgramBuilder('bits');
      const values: ValueId[] = [0, 1, 2, 3, 4].map((place) => builder.input('data', String(place), []));
      for (const [left, right] of pairs) {
        values.push(builder.add(values[left % values.length] ?? 0, values[right % values.length] ?? 0));
      }
      const { inputs, instructions } = builder.finish();
      const rows = new Map<ValueId, Uint32Array>();
      const expected = values.map(() => new Set<number>());
      for (const [value, bit] of seeds.filter(([seed]) => seed < values.length)) {
        const row = rows.get(value) ?? rowOfBits([], 100);
        setBit(row, bit);
        rows.set(value, row);
        expected[value]?.add(bit);
      }
      for (const { id, args } of instructions)
        for (const arg of args) for (const bit of expected[arg] ?? []) expected[id]?.add(bit);
      const spread = spreadBits(instructions, inputs.length + instructions.length, 100, rows);
      const mask = rowOfBits(masked, 100);
      expected.forEach((bits, value) => {
        expect(bitsOf(spread.rowOf(value))).toEqual([...bits].sort((a, b) => a - b));
        expect(spread.isEmpty(value)).toBe(bits.size === 0);
        expect(spread.meets(value, mask)).toBe(masked.some((bit) => bits.has(bit)));
      });
    }),
    { numRuns: 100 },
  );
});
