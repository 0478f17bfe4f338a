/** `sbn report`: a run as one HTML page. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { describeGraph } from '@sbn/compiler';
import { loadModel, type Model } from '@sbn/runtime';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { renderEvaluation } from '../evaluation-report.js';
import { describeVerdict } from '../explanation.js';
import { checkWritable, readText, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { compileQuietly, sourceOfArtifact } from '../model-file.js';
import { formatCount } from '../numbers.js';
import { positiveInteger } from '../options.js';
import { addCommand, examples, readVersion } from '../program.js';
import { drawChart } from '../report/curves.js';
import { renderCode, renderFacts, renderPage, renderRows, type Section } from '../report/page.js';
import { drawPictures, drawWeights } from '../report/pictures.js';
import { curveOf, readMetrics, type Metrics } from '../report/read-metrics.js';
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
      'Writes one HTML page that asks nothing of the network: curves, the variance of each learning signal, draws, weights as pictures, the model ' +
        'in plate notation, its estimators, its source, and how it was trained.',
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
      { title: 'Result', body: renderCode(renderEvaluation(evaluation, what, plainStyle).trimEnd()) },
      { title: 'Curves', body: drawCurves(metrics) },
      { title: 'Draws', body: await drawPictures(model, data) },
      { title: 'Weights', body: drawWeights(artifact, await model.parameters()) },
      { title: 'Model', body: await drawModel(saved) },
      { title: 'Gradients', body: renderSites(model) },
      { title: 'Source', body: renderSource(saved) },
      { title: 'How it was made', body: renderFacts(factsOf(path, saved, checkpoint.step, host)) },
    ];
    const title = `${artifact.name}: ${path}`;
    writeFile(output, renderPage(title, `after ${formatCount(checkpoint.step)} steps`, sections), host);
    host.stdout.write(`written to ${output}\n`);
  } finally {
    model.dispose();
  }
}

function drawCurves(metrics: Metrics): string {
  const byPrefix = (prefix: string): { name: string; points: readonly (readonly [number, number])[] }[] =>
    metrics.columns
      .filter((column) => column.startsWith(prefix))
      .map((column) => ({ name: column.slice(prefix.length), points: curveOf(metrics, column) }));
  const loss = ['loss', 'validation'].map((name) => ({ name, points: curveOf(metrics, name) }));
  return [
    drawChart(loss, { title: 'What is minimised' }),
    drawChart(byPrefix('term '), { title: 'Its terms' }),
    drawChart(byPrefix('signal variance '), { title: 'Variance of the learning signal, by site', isLogarithmic: true }),
  ].join('\n');
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

function renderSites({ artifact }: Model): string {
  const latents = artifact.sites.filter(({ role }) => role === 'latent');
  if (latents.length === 0) return '';
  return renderRows([
    ['site', 'distribution', 'shape', 'estimator', 'verdict'],
    ...latents.map(({ id, distribution, shape, estimator, verdict }) => [
      id,
      distribution,
      `[${shape.join(', ')}]`,
      estimator ?? '',
      verdict === undefined ? '' : describeVerdict(verdict),
    ]),
  ]);
}

function renderSource({ artifact: { source } }: SavedRun): string {
  const files = [{ file: source.file, text: source.text }, ...source.imports];
  return files.map(({ file, text }) => `<p class="note">${file}</p>${renderCode(text.trimEnd())}`).join('\n');
}

function factsOf(
  path: string,
  { artifact, data, valid, estimator }: SavedRun,
  step: number,
  host: Host,
): readonly (readonly [string, string])[] {
  const config: unknown = JSON.parse(readText(join(path, 'config.json'), 'the configuration of a run', host));
  const entries: readonly (readonly [string, unknown])[] =
    typeof config === 'object' && config !== null ? Object.entries(config) : [];
  const valueOf = (name: string): unknown => entries.find(([key]) => key === name)?.[1];
  const command = [
    `sbn run ${artifact.source.file}`,
    ...Object.entries(artifact.constants).map(([name, value]) => `--set ${name}=${String(value)}`),
    ...Object.entries(data).map(([name, source]) => `--data ${name}=${source}`),
    ...Object.entries(valid).map(([name, source]) => `--valid ${name}=${source}`),
    ...(estimator === undefined ? [] : [`--estimator ${JSON.stringify(estimator)}`]),
    ...['batch', 'steps', 'seed'].map((name) => `--${name} ${String(valueOf(name))}`),
  ];
  return [
    ['command', command.join(' ')],
    ...entries
      .filter(([name]) => !['format', 'version', 'data', 'valid', 'model', 'constants'].includes(name))
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const),
    ['steps made', formatCount(step)],
    ['versions', `sbn ${readVersion()}, Node ${process.version}`],
  ];
}
