/** What the time of a program in ONNX Runtime goes into, by its own profiler. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveShape } from '../packages/program/dist/index.js';
import { fixBatch } from '../packages/runtime/dist/onnx/fix-batch.js';
import { writeOnnx } from '../packages/runtime/dist/onnx/index.js';
import { at } from './examples.mjs';

/** Instructions of a program whose graph is run as it is written, as the engine does. */
const LONG = 1000;

const PRODUCTS = new Set(['MatMul', 'Gemm', 'FusedMatMul']);

/**
 * Milliseconds of a program's graph: matrix products, all else that is computed, and the rest, which is what starting operations
 * and the run itself take. By operator too.
 */
export async function profileGraph(program, batch, runs = 20) {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
  const { InferenceSession, Tensor } = createRequire(at('packages/runtime/package.json'))('onnxruntime-node');
  const folder = mkdtempSync(join(tmpdir(), 'sbn-profile-'));
  const fixed = fixBatch(program, batch);
  const session = await InferenceSession.create(writeOnnx(fixed).bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: program.instructions.length > LONG ? 'disabled' : 'all',
    logSeverityLevel: 4,
    enableProfiling: true,
    profileFilePrefix: join(folder, 'profile'),
  });
  const feeds = Object.fromEntries(
    fixed.inputs.map(({ role, name, shape }) => {
      const lengths = resolveShape(shape, batch);
      const size = lengths.reduce((product, length) => product * length, 1);
      // Small parameters, as at a start; all else within (0, 1), as uniforms have to be.
      const [middle, reach] = role === 'parameter' ? [0, 0.05] : [0.5, 0.4];
      const values = Float32Array.from({ length: size }, (_, place) => middle + reach * Math.sin(place));
      return [`${role}:${name}`, new Tensor('float32', values, lengths)];
    }),
  );
  for (let run = 0; run < runs; run += 1) await session.run(feeds);
  session.endProfiling();
  await session.release();
  const [file] = readdirSync(folder);
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  rmSync(folder, { recursive: true });
  return summarizeRuns(events);
}

/** The run's own time is what no node accounts for; part of it is the profiler's. */
function summarizeRuns(events) {
  const runs = events.filter(({ name }) => name === 'model_run').map(({ ts, dur }) => ({ ts, dur, nodes: 0 }));
  const nodes = new Map();
  let place = 0;
  for (const { cat, name, ts, dur, args } of events.toSorted((a, b) => a.ts - b.ts)) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    while (place + 1 < runs.length && ts >= runs[place + 1].ts) place += 1;
    runs[place].nodes += dur;
    const node = nodes.get(name) ?? { operator: operatorOf(args), times: [] };
    node.times.push(dur);
    nodes.set(name, node);
  }
  const byOperator = {};
  for (const { operator, times } of nodes.values()) byOperator[operator] = (byOperator[operator] ?? 0) + usual(times);
  const sum = (isCounted) =>
    Object.entries(byOperator).reduce((total, [operator, own]) => total + (isCounted(operator) ? own : 0), 0);
  const inMilliseconds = (microseconds) => Number((microseconds / 1000).toFixed(4));
  return {
    nodes: nodes.size,
    products: inMilliseconds(sum((operator) => PRODUCTS.has(operator))),
    others: inMilliseconds(sum((operator) => !PRODUCTS.has(operator))),
    rest: inMilliseconds(usual(runs.map((run) => run.dur - run.nodes))),
    byOperator: Object.fromEntries(
      Object.entries(byOperator)
        .sort((a, b) => b[1] - a[1])
        .map(([operator, own]) => [operator, inMilliseconds(own)]),
    ),
  };
}

/** A product with a row of ones is how the engine adds up rows, and none of the model's products. */
function operatorOf({ op_name: operator, input_type_shape: inputs }) {
  const isOfVector = PRODUCTS.has(operator) && Object.values(inputs[0]).some((lengths) => lengths.length === 1);
  return isOfVector ? 'product of a row' : operator;
}

/** The tenth part is faster: what a node takes where nothing else of the machine comes between. */
function usual(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)];
}
