/** The whole table in float32 on wasm. */
import { createTfjsEngine, type Engine } from '@sbn/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { MAIN_FORMS, VARIANTS } from './estimator-table.js';
import { compileCell, errorOfAll, TABLE_MODELS, verifyCell } from './table-check.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createTfjsEngine({ backend: 'wasm' });
});

describe.each(TABLE_MODELS)('$distribution, $structure, $objective', (model) => {
  test.each([...MAIN_FORMS, ...VARIANTS])('%s', async (estimator) => {
    expect(errorOfAll(await verifyCell(compileCell(model, estimator), { engine }))).toBeLessThan(1e-5);
  });
});
