/** Trains the model of bars.sbn on arrays made here, samples it and scores pictures. */
import { readFile } from 'node:fs/promises';
import { createTfjsEngine, datasetFromArrays, loadModel } from '@sbn/runtime';

const SIDE = 4;

/** Every picture whose rows, or whose columns, are each all black or all white: 30 rows of 16 bytes. */
function makeBars() {
  const pictures = new Set();
  for (let bits = 0; bits < 2 ** SIDE; bits += 1) {
    const cells = Array.from({ length: SIDE * SIDE }, (_, cell) => cell);
    pictures.add(cells.map((cell) => (bits >> Math.floor(cell / SIDE)) & 1).join());
    pictures.add(cells.map((cell) => (bits >> (cell % SIDE)) & 1).join());
  }
  return Uint8Array.from([...pictures].flatMap((picture) => picture.split(',').map(Number)));
}

function draw(values) {
  const rows = Array.from({ length: SIDE }, (_, row) => Array.from(values.slice(row * SIDE, (row + 1) * SIDE)));
  return rows.map((row) => row.map((value) => (value === 1 ? '██' : '··')).join('')).join('\n');
}

async function main(path, steps) {
  const engine = await createTfjsEngine();
  const model = await loadModel(await readFile(path, 'utf8'), { engine, seed: 0 });
  console.log(`model ${model.artifact.name} on ${engine.name}, ${engine.backend}`);

  const { data: ports } = model.artifact;
  const data = datasetFromArrays(ports, { x: makeBars() });
  for await (const { step, loss } of model.train({ data, steps, lr: 0.03 })) {
    if (step % Math.ceil(steps / 5) === 0) console.log(`step ${step}: loss ${loss.toFixed(2)}`);
  }

  const evaluation = await model.evaluate(data, { samples: 100 });
  console.log(`log likelihood per picture: ${evaluation.logLikelihood.mean.toFixed(2)} nats`);

  const { sites } = await model.sample({ rows: 3, seed: 1 });
  for (let row = 0; row < 3; row += 1) console.log(`\n${draw(sites.x.sample.slice(row * SIDE ** 2))}`);

  const bar = [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0];
  const checks = [1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1];
  const scores = await model.score(datasetFromArrays(ports, { x: [...bar, ...checks] }), { samples: 100 });
  console.log(`\nlog p(bars) ${scores[0].toFixed(2)}, log p(chequerboard) ${scores[1].toFixed(2)}`);
  model.dispose();
}

const [path, steps = '2000'] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: node index.js ARTIFACT.json [STEPS]');
  process.exitCode = 2;
} else {
  try {
    await main(path, Number(steps));
  } catch (error) {
    // The runtime's errors say what is wrong, where, and what to do.
    console.error(`${error.name}: ${error.message}`);
    process.exitCode = 1;
  }
}
