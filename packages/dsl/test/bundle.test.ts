import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import * as unbundled from '../src/chevrotain.js';

const folder = mkdtempSync(join(tmpdir(), 'sbn-bundle-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the bundle of chevrotain stands alone, exports the same names, and has the licences of what is in it', async () => {
  execFileSync(process.execPath, [join(import.meta.dirname, '../scripts/bundle-chevrotain.mjs'), folder]);
  const path = join(folder, 'chevrotain.js');
  expect(readFileSync(path, 'utf8')).not.toMatch(/^\s*import\b/m);
  const bundled = (await import(path)) as object;
  expect(Object.keys(bundled).sort()).toEqual(Object.keys(unbundled).sort());
  const licenses = readFileSync(join(folder, 'chevrotain.licenses.txt'), 'utf8');
  for (const name of ['chevrotain', '@chevrotain/utils', 'lodash-es']) {
    expect(licenses).toMatch(new RegExp(`^${name} \\d\\S+ \\((Apache-2.0|MIT)\\)\n\n.*\\S`, 'm'));
  }
  expect(licenses).toContain('Permission is hereby granted');
});
