/**
 * WebPPL's ELBO estimator on sbn1: a model and a guide as its documentation writes them, `Optimize` with Adam.
 * `elbo-webppl.mjs WEBPPL_FOLDER BATCH`: prints its version, then reads a number of steps from each line, and prints the times
 * of each.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startClock } from './measure.mjs';

const require = createRequire(import.meta.url);
const [folder, batch] = process.argv.slice(2);
const webppl = require(folder);
const Tensor = require(join(folder, 'src', 'tensor.js'));
const { version } = require(join(folder, 'package.json'));

const PROGRAM = `
var model = function() {
  var prior = modelParam({ name: 'prior', dims: [200, 1], mu: 0, sigma: 0 });
  var decoder = affine('decoder', { in: 200, out: 784, param: modelParam });
  mapData({ data: globalStore.rows, batchSize: globalStore.batch }, function(x) {
    var h = sample(MultivariateBernoulli({ ps: sigmoid(prior) }), {
      guide() {
        var encoder = affine('encoder', { in: 784, out: 200 });
        return MultivariateBernoulli({ ps: sigmoid(encoder(x)) });
      }
    });
    observe(MultivariateBernoulli({ ps: sigmoid(decoder(h)) }), x);
  });
};
Optimize({
  model: model,
  steps: globalStore.steps,
  optMethod: { adam: { stepSize: 0.001 } },
  estimator: { ELBO: { samples: 1 } },
  checkGradients: false,
  // What is true would end it.
  onStep() { globalStore.clock.tick(); return false; }
});
`;

/** Pixels of which a fifth are 1; WebPPL takes one row at a time. */
function drawRow(row) {
  const tensor = new Tensor([784, 1]);
  for (let place = 0; place < tensor.length; place += 1)
    tensor.data[place] = Math.imul(row * tensor.length + place, 2654435761) >>> 0 < 2 ** 32 / 5 ? 1 : 0;
  return tensor;
}

const rows = Array.from({ length: 2000 }, (_, row) => drawRow(row));

/** One step more than asked for: the first pays for compilation, and its end is where the others are timed from. */
function makeSteps(count) {
  const readings = [];
  const read = startClock();
  const clock = { tick: () => readings.push(read()) };
  const between = (later, place) => later.map((time, which) => time - readings[place][which]);
  return new Promise((resolve) => {
    const done = () => resolve(readings.slice(1).map(between));
    webppl.run(PROGRAM, done, { initialStore: { rows, batch: Number(batch), steps: count + 1, clock } });
  });
}

console.log(`ready ${version}`);
createInterface({ input: process.stdin }).on('line', async (line) => {
  console.log(JSON.stringify(await makeSteps(Number(line))));
});
