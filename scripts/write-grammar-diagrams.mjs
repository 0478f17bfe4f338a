/** Draws `docs/grammar`: a picture of each rule of the grammar in `docs/language.md`, and their index. The test of the pictures writes them. */
import { spawnSync } from 'node:child_process';
import { fromRoot } from './workspace.mjs';

const { status } = spawnSync(
  process.execPath,
  [fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/grammar-diagrams.test.ts'],
  { cwd: fromRoot('packages', 'dsl'), env: { ...process.env, UPDATE: '1' }, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
