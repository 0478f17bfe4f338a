/** `sbn report`: a run as one HTML page. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { describeGraph } from '@sbn/compiler';
import { loadModel, type Model } from '@sbn/runtime';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { renderEvaluation } from '../evaluation-report.js';
import { describeVerdict } from '../explanation.js';
import { checkWritable, readJson, readText, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { compileQuietly, sourceOfArtifact } from '../model-file.js';
import { formatCount, formatShort } from '../numbers.js';
import { nameObjective, type ObjectiveName } from '../objective-name.js';
import { positiveInteger } from '../options.js';
import { addCommand, examples } from '../program.js';
import { CURVES_NOTE, drawChart, drawChartOfChange, type Curve } from '../report/curves.js';
import { describeMaking } from '../report/making.js';
import { renderCode, renderFacts, renderPage, renderRows, type Section } from '../report/page.js';
import { drawPictures, drawReconstructions, drawWeights } from '../report/pictures.js';
import { curveOf, readMetrics, tailMean, type Metrics } from '../report/read-metrics.js';
import { openRunDirectory, readRunCheckpoint, type SavedRun } from '../run-directory.js';
import { measuredSources, openPorts } from '../sources.js';
import { plainStyle } from '../style.js';

interface ReportFlags extends EngineFlags {
  readonly output?: string;
  readonly best?: boolean;
  readonly samples: number;
}

export function addReport(program: Command, host: Host): void {
  const command = addCommand(program, 'report')
    .summary('write a page about a run')
    .description(
      'Writes one HTML page that asks nothing of the network: curves, the variance of each learning signal, draws, reconstructions, weights as pictures, the model ' +
        'in plate notation, its estimators, its source, and the command and the versions that it was made with.',
    )
    .argument('<run>', 'folder of a run')
    .option('--best', 'the checkpoint with the best validation, not the newest')
    .option('--samples <k>', 'draws per row in the evaluation', positiveInteger, 10)
    .option('-o, --output <path>', 'the page (default: report.html in the folder of the run)');
  addEngineOptions(command)
    .addHelpText('after', examples('sbn report runs/bars-1', 'sbn report runs/sbn2-1 -o sbn2.html'))
    .action((run: string, flags: ReportFlags) => report(run, flags, host));
}

async function report(path: string, flags: ReportFlags, host: Host): Promise<void> {
  const output = flags.output ?? join(path, 'report.html');
  checkWritable(output, host);
  const saved = openRunDirectory(path, host);
  const checkpoint = await readRunCheckpoint(saved, flags.best === true, host);
  const { artifact } = saved;
  const { sources, what: measured } = measuredSources(saved, undefined, host);
  const data = await openPorts('--data', sources, artifact.data);
  const model = await loadModel(artifact, { engine: await openEngine(flags) });
  try {
    model.restore(checkpoint);
    const { samples } = flags;
    const evaluation = await model.evaluate(data, { samples });
    const what = data === undefined ? '' : measured;
    const metrics = readMetrics(readText(join(path, 'metrics.csv'), 'the metrics of a run', host));
    const sections: readonly Section[] = [
      { title: 'Result', body: renderCode(renderEvaluation(evaluation, what, artifact, plainStyle).trimEnd()) },
      { title: 'Curves', body: drawCurves(metrics, nameObjective(artifact.objective)) },
      { title: 'Draws', body: await drawPictures(model, data, sources) },
      { title: 'Reconstructions', body: await drawReconstructions(model, data) },
      { title: 'Weights', body: drawWeights(artifact, await model.parameters()) },
      { title: 'Model', body: await drawModel(saved) },
      { title: 'Gradients', body: renderSites(model, metrics) },
      { title: 'Source', body: renderSource(saved) },
      {
        title: 'How it was made',
        body: renderFacts(describeMaking(saved, readJson(join(path, 'config.json'), host), checkpoint.step)),
      },
    ];
    const title = `${artifact.name}: ${path}`;
    writeFile(output, renderPage(title, `after ${formatCount(checkpoint.step)} steps`, sections), host);
    host.stdout.write(`written to ${output}\n`);
  } finally {
    model.dispose();
  }
}

function drawCurves(metrics: Metrics, { name, unit }: ObjectiveName): string {
  const byPrefix = (prefix: string): readonly Curve[] =>
    metrics.columns
      .filter((column) => column.startsWith(prefix))
      .map((column) => ({ name: column.slice(prefix.length), points: curveOf(metrics, column) }));
  const loss = [
    { name: 'training', points: curveOf(metrics, 'loss') },
    { name: 'validation', points: curveOf(metrics, 'validation') },
  ];
  const one = (column: string): readonly Curve[] => [{ name: column, points: curveOf(metrics, column) }];
  const charts = [
    drawChart(loss, { title: unit === '' ? name : `${name} (${unit})` }),
    drawChart(byPrefix('term '), { title: 'Its terms' }),
    drawChart(byPrefix('signal variance '), { title: 'Variance of the learning signal, by site', isLogarithmic: true }),
    drawChart(one('rows per second'), { title: 'Rows per second' }),
    drawChartOfChange(one('learning rate'), { title: 'Learning rate' }),
  ];
  return charts.every((chart) => chart === '') ? '' : `${charts.join('\n')}<p class="note">${CURVES_NOTE}</p>`;
}

async function drawModel({ artifact, estimator }: SavedRun): Promise<string> {
  const stages = compileQuietly(sourceOfArtifact(artifact), {
    constants: artifact.constants,
    estimator,
    stopAfter: 'check',
  });
  if (stages.model === undefined) return '';
  const { renderPicture } = await import('../graph/render-picture.js');
  return renderPicture(describeGraph(stages.model), 'svg').replace(/^<\?xml[^>]*\?>\s*/, '');
}

function renderSites({ artifact }: Model, metrics: Metrics): string {
  const latents = artifact.sites.filter(({ role }) => role === 'latent');
  if (latents.length === 0) return '';
  const varianceOf = (site: string): string => {
    const variance = tailMean(metrics, `signal variance ${site}`);
    return variance === undefined ? '' : formatShort(variance);
  };
  const table = renderRows([
    ['site', 'distribution', 'shape', 'parents', 'costs', 'estimator', 'verdict', 'signal variance'],
    ...latents.map(({ id, distribution, shape, parents, costs, estimator, verdict }) => [
      id,
      distribution,
      `[${shape.join(', ')}]`,
      parents.join(', '),
      costs.join(', '),
      estimator ?? '',
      verdict === undefined ? '' : describeVerdict(verdict),
      varianceOf(id),
    ]),
  ]);
  return `${table}<p class="note">Signal variance: of the learning signal after centring, over the rows of a step; mean over the last tenth of the run.</p>`;
}

function renderSource({ artifact: { source } }: SavedRun): string {
  const files = [{ file: source.file, text: source.text }, ...source.imports];
  return files.map(({ file, text }) => `<p class="note">${file}</p>${renderCode(text.trimEnd())}`).join('\n');
}
