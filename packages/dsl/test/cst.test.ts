import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generateCstTypes, withoutFormatting } from './support/generate-cst.js';

const file = new URL('../src/cst.ts', import.meta.url);

it('the types of the concrete syntax tree are those of the grammar', () => {
  const generated = generateCstTypes();
  if (process.env['UPDATE'] === '1') writeFileSync(file, generated);
  expect(withoutFormatting(readFileSync(file, 'utf8'))).toBe(withoutFormatting(generated));
});
