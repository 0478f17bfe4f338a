/**
 * How long the compiler takes: long loops, `sbnc check` from the start of its process, and 1 MB of text that is no model.
 * Requires a build. Times are wall times; the processor's own are beside them, as they say more on a machine that is busy.
 * `node scripts/bench-compiler.mjs [loops] [check] [parse]`, by default all three.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { compileStages } from '../packages/compiler/dist/index.js';
import { parse } from '../packages/dsl/dist/index.js';

const at = (path) => new URL(`../${path}`, import.meta.url);
const load = () => `load ${loadavg()[0].toFixed(1)}`;

function time(label, run) {
  const before = process.cpuUsage();
  const start = performance.now();
  const result = run();
  const wall = performance.now() - start;
  const { user } = process.cpuUsage(before);
  console.log(`${label}: ${wall.toFixed(0)} ms (processor ${(user / 1000).toFixed(0)} ms, ${load()}) ${result}`);
}

const INDEPENDENT = `const L = 1000
model { for l in 1..L { h[l] ~ bernoulli(logits = bias(1)) } }
minimize sum([sum(h[l]) for l in 1..L])`;

const CHAIN = `const L = 1000
data x: binary[2]
model {
  h[1] ~ bernoulli(logits = bias(2))
  for l in 2..L { h[l] ~ bernoulli(logits = dense(h[l - 1], 2)) }
  x ~ bernoulli(logits = dense(h[L], 2))
}
maximize likelihood`;

function benchLoops() {
  const models = [
    ['1,000 independent sites', INDEPENDENT, {}],
    ['a chain of 1,000 sites', CHAIN, {}],
    ['a chain of 1,000 sites with a guide', readFileSync(at('examples/deep.sbn'), 'utf8'), { L: 1000, H: 2, N: 2 }],
  ];
  // A program is made when it is asked for.
  const asked = [
    ['to the verdicts', 'judge', []],
    ['for a training', undefined, ['gradient', 'evaluate']],
    ['all programs', undefined, undefined],
  ];
  for (const [extent, stopAfter, names] of asked) {
    for (const [label, text, constants] of models) {
      time(`${label}, ${extent}`, () => {
        const { programs, sites } = compileStages({ name: 'bench.sbn', text }, { constants, stopAfter });
        if (programs === undefined) return `${sites.length} sites`;
        const made = (names ?? Object.keys(programs)).map((name) => programs[name].instructions.length);
        return `${made.reduce((sum, count) => sum + count)} instructions in ${made.length} programs`;
      });
    }
  }
}

function benchCheck() {
  const command = at('packages/cli/bin/sbnc.js').pathname;
  for (const model of ['examples/bars.sbn', 'examples/sbn2.sbn', 'examples/deep.sbn']) {
    const times = Array.from({ length: 10 }, () => {
      const start = performance.now();
      spawnSync(process.execPath, [command, 'check', at(model).pathname]);
      return performance.now() - start;
    }).sort((a, b) => a - b);
    const median = (times[4] + times[5]) / 2;
    console.log(
      `sbnc check ${model}: median of 10 ${median.toFixed(0)} ms, least ${times[0].toFixed(0)} ms (${load()})`,
    );
  }
}

function benchParse() {
  const model = readFileSync(at('examples/sbn2.sbn'), 'utf8');
  for (const unit of [')', '"\n', ',', '(]', model]) {
    const text = unit.repeat(Math.ceil(1e6 / unit.length));
    time(`1 MB of ${unit.length > 9 ? 'models' : JSON.stringify(unit)}`, () => {
      const { diagnostics } = parse({ name: 'bench.sbn', text });
      return `${diagnostics.length} diagnostics`;
    });
  }
}

const PARTS = { loops: benchLoops, check: benchCheck, parse: benchParse };
const chosen = process.argv.slice(2);
for (const name of chosen.length === 0 ? Object.keys(PARTS) : chosen) PARTS[name]?.();
