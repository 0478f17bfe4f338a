/** The models in the documentation compile; its fragments are at least well-formed. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '@sbn/compiler';
import { parse, renderDiagnostics } from '@sbn/dsl';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(`${root}docs`).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

const blocks = pages.flatMap((page) =>
  [...readFileSync(`${root}${page}`, 'utf8').matchAll(/^```sbn\n([\s\S]*?)^```/gm)].map(([, text = ''], index) => ({
    name: `${page}, block ${String(index + 1)}`,
    text,
  })),
);

test('there are models in the documentation', () => {
  expect(blocks.length).toBeGreaterThan(4);
});

test.each(blocks)('$name', ({ name, text }) => {
  const source = { name, text };
  const whole = text.includes('model {') && /^(maximize|minimize)/m.test(text);
  const { diagnostics } = whole ? compile(source) : parse(source);
  expect(renderDiagnostics(source, diagnostics, { color: false })).toBe('');
});
