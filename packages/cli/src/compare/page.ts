/** Compared runs as one HTML page. */
import {
  CURVES_NOTE,
  drawChart,
  drawChartOfChange,
  drawSwatch,
  escapeText,
  strokeOf,
  type Curve,
} from '../report/curves.js';
import { renderCells, renderPage, renderRows, type Section } from '../report/page.js';
import { curveOf } from '../report/read-metrics.js';
import type { Difference } from './differences.js';
import type { ComparedRun } from './read-run.js';
import { describeNumbers, differenceRows, resultRows } from './tables.js';

/** A run has the same colour in all charts. */
export function renderComparison(runs: readonly ComparedRun[], differences: readonly Difference[]): string {
  const [headings = [], ...rows] = resultRows(runs);
  const table = renderCells(
    [
      headings.map(escapeText),
      ...rows.map((row, index) =>
        row.map((cell, column) =>
          column === 0 ? `${drawSwatch(strokeOf(index))} ${escapeText(cell)}` : escapeText(cell),
        ),
      ),
    ],
    'wide',
  );
  const sections: readonly Section[] = [
    { title: 'Results', body: `${table}<p class="note">${escapeText(describeNumbers(runs))}</p>` },
    { title: 'Curves', body: drawCurves(runs) },
    {
      title: 'What differs',
      body:
        differences.length === 0
          ? '<p class="note">Nothing: they were made with the same settings.</p>'
          : renderRows(differenceRows(runs, differences), 'long'),
    },
  ];
  return renderPage(runs.map(({ name }) => name).join(', '), `${String(runs.length)} runs compared`, sections);
}

function drawCurves(runs: readonly ComparedRun[]): string {
  const curves = (column: string): readonly Curve[] =>
    runs.map(({ name, metrics }) => ({ name, points: curveOf(metrics, column) }));
  const names = new Set(runs.map(({ objective }) => objective.name));
  const [only] = names;
  const loss = names.size === 1 && only !== undefined ? only : 'loss';
  const columns = new Set(runs.flatMap(({ metrics }) => metrics.columns));
  const signals = [...columns].filter((column) => column.startsWith('signal variance '));
  return [
    drawChart(curves('loss'), { title: `${loss}, training` }),
    drawChart(curves('validation'), { title: `${loss}, validation` }),
    drawChart(againstTime(runs, 'loss'), { title: `${loss}, training, against time`, axis: 'seconds' }),
    drawChart(againstTime(runs, 'validation'), { title: `${loss}, validation, against time`, axis: 'seconds' }),
    ...signals.map((column) =>
      drawChart(curves(column), {
        title: `Variance of the learning signal of ${column.slice('signal variance '.length)}`,
        isLogarithmic: true,
      }),
    ),
    drawChart(curves('rows per second'), { title: 'Rows per second' }),
    drawChartOfChange(curves('learning rate'), { title: 'Learning rate' }),
    `<p class="note">${CURVES_NOTE}</p>`,
  ].join('\n');
}

function againstTime(runs: readonly ComparedRun[], column: string): readonly Curve[] {
  return runs.map(({ name, metrics, seconds }) => {
    const at = new Map(seconds);
    return {
      name,
      points: curveOf(metrics, column).map(([step, value]) => [at.get(step) ?? NaN, value] as const),
    };
  });
}
