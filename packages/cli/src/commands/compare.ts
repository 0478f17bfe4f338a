/** `sbn compare`: runs beside one another. */
import { basename, normalize, sep } from 'node:path';
import type { Command } from 'commander';
import { findDifferences, type Difference } from '../compare/differences.js';
import { renderComparison } from '../compare/page.js';
import { readRun, type ComparedRun } from '../compare/read-run.js';
import { describeNumbers, differenceRows, resultRows } from '../compare/tables.js';
import { checkWritable, writeFile } from '../files.js';
import type { Host, Output } from '../host.js';
import { addCommand, examples } from '../program.js';
import { isSearchFolder, readSearch } from '../search/search-folder.js';
import { styleFor, type Style } from '../style.js';
import { renderTable, widestLine } from '../table.js';

interface CompareFlags {
  readonly output: string;
  readonly json?: boolean;
}

export function addCompare(program: Command, host: Host): void {
  addCommand(program, 'compare')
    .summary('show runs beside one another')
    .description(
      'Shows runs beside one another: how far they are, what they have reached, the variance of their learning signals, and in what ' +
        'settings they differ; and writes an HTML page with their curves over one another, which asks nothing of the network. ' +
        'Runs that are still going on can be compared too.',
    )
    .argument('<runs...>', 'folders of runs, or of a search over learning rates')
    .option('-o, --output <path>', 'the page', 'compare.html')
    .option('--json', 'print JSON, and write no page')
    .addHelpText('after', examples('sbn compare runs/bars-1 runs/bars-2', 'sbn compare runs/* -o bars.html'))
    .action((paths: readonly string[], flags: CompareFlags) => {
      compare(paths, flags, host);
    });
}

function compare(given: readonly string[], flags: CompareFlags, host: Host): void {
  // A search over learning rates is a folder of runs.
  const paths = given.flatMap((path) =>
    isSearchFolder(path, host) ? readSearch(path, host).map(({ folder }) => folder) : [path],
  );
  if (flags.json !== true) checkWritable(flags.output, host);
  const names = nameRuns(paths);
  const runs = paths.map((path, index) => readRun(path, names[index] ?? path, host));
  const differences = findDifferences(runs);
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(recordComparison(runs, differences), undefined, 2)}\n`);
    return;
  }
  showComparison(runs, differences, host.stdout);
  writeFile(flags.output, renderComparison(runs, differences), host);
  host.stdout.write(`written to ${flags.output}\n`);
}

/** The last parts of their paths, or where two have the same, the paths. */
function nameRuns(paths: readonly string[]): readonly string[] {
  const normal = paths.map((path) => normalize(path).replace(/(?<=.)[/\\]$/, ''));
  const short = normal.map((path) => basename(path));
  return new Set(short).size === short.length && !short.includes('.')
    ? short
    : normal.map((path) => path.replaceAll(sep, '/'));
}

function showComparison(runs: readonly ComparedRun[], differences: readonly Difference[], output: Output): void {
  const style = styleFor(output);
  const table = (rows: readonly (readonly string[])[]): string => {
    const [headings = [], ...rest] = rows;
    return renderTable([headings.map((heading) => style.bold(heading)), ...rest]);
  };
  output.write(table(resultRows(runs)));
  output.write(`${style.dim(`(${describeNumbers(runs)})`)}\n\n`);
  if (runs.length === 1) return;
  if (differences.length === 0) {
    output.write('they were made with the same settings\n');
    return;
  }
  const wide = table(differenceRows(runs, differences));
  const fits = output.columns === undefined || widestLine(wide) <= output.columns;
  output.write(`they differ in\n${fits ? wide : renderBlocks(runs, differences, style)}`);
}

/** A block of lines for each setting, where columns would not fit. */
function renderBlocks(runs: readonly ComparedRun[], differences: readonly Difference[], style: Style): string {
  return differenceRows(runs, differences)
    .slice(1)
    .map(([setting = '', ...values]) => {
      const lines = values.map((value, index) => [`  ${runs[index]?.name ?? ''}`, value]);
      return `${style.bold(setting)}\n${renderTable(lines)}`;
    })
    .join('');
}

/** For `--json`: a summary of each run, and for each setting that differs its value in each. */
function recordComparison(runs: readonly ComparedRun[], differences: readonly Difference[]): unknown {
  return {
    runs: runs.map(({ path, objective, summary }) => ({ ...summary, path, objective })),
    differences: differences.map(({ setting, values }) => ({
      setting,
      values: values.map((value) => value ?? null),
    })),
  };
}
