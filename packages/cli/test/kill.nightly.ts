/** Fifty kills at random moments. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectSurvives, MODEL } from './kill.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-kill-'));
  writeFileSync(join(folder, 'model.sbn'), MODEL);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('ends bit-identical after fifty kills', async () => {
  // Spread over the interval; where in a run a moment falls is up to the machine.
  let place = 0;
  const { kills } = await expectSurvives(folder, 40_000, 50, () => (place++ * 0.6180339887) % 1);
  expect(kills).toBe(50);
}, 900_000);
