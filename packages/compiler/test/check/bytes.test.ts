/** Files of any bytes, as a reader of UTF-8 sees them: read and checked, or refused with places inside of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse, type Diagnostic } from '@sbn/dsl';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tryCheck } from './check-text.js';

const FOLDER = new URL('fixtures/good/', import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sbn'))
  .map((name) => Uint8Array.from(readFileSync(new URL(name, FOLDER))));

/** Bytes that are likely to be taken for something. */
const byte = fc.oneof(
  fc.nat({ max: 255 }),
  fc.constantFrom(...Buffer.from('\0\t\n\r "#\'()*,-./:;=[\\]{}~')),
  fc.constantFrom(0x80, 0xbf, 0xc3, 0xe2, 0xed, 0xef, 0xf0, 0xff),
);
const bytes = fc.array(byte, { maxLength: 300 }).map((list) => Uint8Array.from(list));

/** A model's file, with a few of its bytes overwritten. */
const overwritten = fc
  .tuple(fc.constantFrom(...FILES), fc.array(fc.tuple(fc.nat(), byte), { minLength: 1, maxLength: 6 }))
  .map(([file, edits]) => {
    const copy = file.slice();
    for (const [place, value] of edits) copy[place % copy.length] = value;
    return copy;
  });

const texts = fc
  .tuple(fc.oneof(bytes, overwritten), fc.boolean())
  .map(([content, ignoreBOM]) => new TextDecoder('utf-8', { ignoreBOM }).decode(content));

function expectPlacesWithin(diagnostics: readonly Diagnostic[], end: number): void {
  for (const { span, related } of diagnostics) {
    for (const place of [span, ...related.map((label) => label.span)]) {
      expect(place.start).toBeGreaterThanOrEqual(0);
      expect(place.end).toBeGreaterThanOrEqual(place.start);
      expect(place.end).toBeLessThanOrEqual(end);
    }
  }
}

it('reads any bytes, and checks what can be read', () => {
  let checkedCount = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parse({ name: 'model.sbn', text });
      expectPlacesWithin(parsed.diagnostics, text.length);
      const checked = tryCheck(text);
      expect(checked === undefined).toBe(parsed.value === undefined);
      if (checked === undefined) return;
      checkedCount += 1;
      const hasError = checked.diagnostics.some(({ severity }) => severity === 'error');
      expect(checked.value === undefined).toBe(hasError);
      const { base, text: last } = checked.sources.at(-1) ?? checked.sources[0];
      expectPlacesWithin(checked.diagnostics, base + last.length);
    }),
    { numRuns: 1500 },
  );
  expect(checkedCount).toBeGreaterThan(1000);
});
