/** A run that is killed and taken up again ends as one that never stopped; the nightly test kills more often. */
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

it('ends bit-identical after three kills', async () => {
  const moments = [0.3, 0.9, 0.6];
  let place = 0;
  const { kills } = await expectSurvives(folder, 4000, 3, () => moments[place++ % 3] ?? 0);
  expect(kills).toBe(3);
}, 120_000);
