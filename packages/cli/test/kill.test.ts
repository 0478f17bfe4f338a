/** A run that is killed and taken up again ends as one that never stopped; the nightly test kills more often. */
import { expect, it } from 'vitest';
import { withKilledRun } from './kill.js';

it('ends bit-identical after three kills', async () => {
  const moments = [0.3, 0.9, 0.6];
  let place = 0;
  const { kills } = await withKilledRun(8000, 3, () => moments[place++ % 3] ?? 0);
  expect(kills).toBe(3);
}, 240_000);
