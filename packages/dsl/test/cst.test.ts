import { readFileSync, writeFileSync } from 'node:fs';
import { Lexer } from 'chevrotain';
import { expect, it } from 'vitest';
import { SbnParser } from '../src/parser.js';
import { LEXED } from '../src/tokens.js';
import { generateCstTypes, withoutFormatting } from './support/generate-cst.js';

const file = new URL('../src/cst.ts', import.meta.url);

it('the types of the concrete syntax tree are those of the grammar', () => {
  const generated = generateCstTypes();
  if (process.env['UPDATE'] === '1') writeFileSync(file, generated);
  expect(withoutFormatting(readFileSync(file, 'utf8'))).toBe(withoutFormatting(generated));
});

it('the grammar and the tokens pass the checks that are left out when they are used', () => {
  expect(() => new SbnParser({ validates: true })).not.toThrow();
  const { lexerDefinitionErrors } = new Lexer(LEXED, { ensureOptimizations: true, positionTracking: 'onlyOffset' });
  expect(lexerDefinitionErrors).toEqual([]);
});
