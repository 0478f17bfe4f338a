/** Tables and curves of what `scaling.mjs` has measured. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { drawCharts } from './draw-chart.mjs';
import { at } from './examples.mjs';
import { table, writeReport } from './report.mjs';
import { listScaling } from './scaling-list.mjs';

const STEP_PANELS = {
  batch: ['Step by batch (sbn2)', 'rows'],
  width: ['Step by width (sbn2, batch 100)', 'units of a hidden layer'],
  sites: ['Step by sites (deep, 50 units, batch 100)', 'sites'],
  samples: ['Step by samples (sbn1, iwae(K), batch 24)', 'K'],
};
const HEADS = [
  'native ms',
  'wasm ms',
  'Gflop',
  'native Gflop/s',
  'products',
  'operations started',
  'MiB',
  'instructions',
  'compiling ms',
];

/** `measured`: as in `bench/scaling.json`. */
export function reportScaling(measured) {
  const { results } = measured;
  const panels = [
    ...Object.entries(results).map(([name, points]) => {
      const [title, x] = STEP_PANELS[name];
      const curves = [
        curve('native', points, ({ native }) => native),
        curve('wasm', points, ({ wasm }) => wasm),
        linear(points, ({ native }) => native),
      ];
      return { title, x, y: 'ms', curves };
    }),
    {
      title: 'Compiling, by sites',
      x: 'sites',
      y: 'ms',
      curves: [
        curve('all programs', results.sites, ({ compiling }) => compiling),
        linear(results.sites, ({ compiling }) => compiling),
      ],
    },
    {
      title: 'Tensors of a step, by batch (sbn2)',
      x: 'rows',
      y: 'MiB',
      curves: [
        curve('at the fullest moment', results.batch, ({ peakMebibytes }) => peakMebibytes),
        linear(results.batch, ({ peakMebibytes }) => peakMebibytes),
      ],
    },
  ];
  mkdirSync(at('docs/pictures'), { recursive: true });
  writeFileSync(at('docs/pictures/scaling.svg'), drawCharts(panels));

  const digits = (value, count) => (value === undefined ? '' : value.toFixed(count));
  const tables = Object.entries(results).map(([name, points]) =>
    table(
      [name, ...HEADS],
      points.map((point) => [
        point.value,
        digits(point.native, 2),
        digits(point.wasm, 2),
        digits(point.gigaOperations, 3),
        digits(point.native === undefined ? undefined : (1000 * point.gigaOperations) / point.native, 0),
        ...shares(point),
        digits(point.peakMebibytes, 1),
        point.instructions,
        digits(point.compiling, 0),
      ]),
    ),
  );
  const caption = `Milliseconds on the processor, medians; ${measured.summary}; ${measured.native}.`;
  writeReport('scaling', [listScaling(results), caption, ...tables].join('\n\n'));
}

/** From the largest point down in proportion: what a linear curve would be. */
function linear(points, read) {
  const last = points.at(-1);
  return {
    name: 'in proportion',
    isGuide: true,
    points: points.map((point) => [point.value, (read(last) * point.value) / last.value]),
  };
}

const curve = (name, points, read) => ({
  name,
  points: points.filter((point) => read(point) > 0).map((point) => [point.value, read(point)]),
});

/**
 * Of the time in ONNX Runtime's operations the share of matrix products, and how many operations there are. The profiler knows elapsed
 * times alone: where they come to more than the step has computed, other processes came between, and nothing is said.
 */
function shares({ native, graph: { products, others, nodes } }) {
  const isDisturbed = native === undefined || products + others > native;
  return [isDisturbed ? '' : `${((100 * products) / (products + others)).toFixed(0)} %`, nodes];
}
