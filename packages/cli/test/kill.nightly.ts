/** Fifty kills at moments that are spread over the interval; where in a run one falls is up to the machine. */
import { expect, it } from 'vitest';
import { withKilledRun } from './kill.js';

it('ends bit-identical after fifty kills', async () => {
  let place = 0;
  const { kills } = await withKilledRun(40_000, 50, () => (place++ * 0.6180339887) % 1);
  expect(kills).toBe(50);
}, 900_000);
