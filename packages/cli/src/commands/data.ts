/** `sbn data`: what a source of data holds. */
import type { Command } from 'commander';
import { asBlocks, generateFile, isGenerator, parseSource, type BlockFile } from '@sbn/runtime';
import { openBlockFile } from '@sbn/runtime/node';
import { renderFile, summarizeFile } from '../data-report.js';
import type { Host } from '../host.js';
import { notNegativeInteger, positiveInteger } from '../options.js';
import { addCommand, examples } from '../program.js';

interface DataFlags {
  readonly rows: number;
  readonly width?: number;
  readonly json?: boolean;
}

export function addData(program: Command, host: Host): void {
  addCommand(program, 'data')
    .summary('show what a file of data holds')
    .description(
      'Shows the rows, columns, kinds and ranges of a source of data, how it can be declared, and its first rows as pictures where they are some: ' +
        'IDX, NPY, NPZ, CSV, TSV, JSON lines, Parquet, PNG pictures, plain or gzipped, several files by a pattern, or a generator.',
    )
    .argument('<source>', 'path, pattern in quotes, folder of pictures, or generator with its options')
    .option('--rows <n>', 'how many rows to show', notNegativeInteger, 8)
    .option('--width <pixels>', 'width of a picture that is not square', positiveInteger)
    .option('--json', 'print what was found as JSON')
    .addHelpText(
      'after',
      examples(
        'sbn data train-images.gz',
        'sbn data "part-*.csv"',
        'sbn data pictures/ --rows 20',
        'sbn data glyphs,rows=100',
      ),
    )
    .action((source: string, flags: DataFlags) => showData(source, flags, host));
}

async function showData(source: string, { rows, width, json }: DataFlags, host: Host): Promise<void> {
  const file = await open(source, host);
  if (json === true) host.stdout.write(`${JSON.stringify(await summarizeFile(file), undefined, 2)}\n`);
  else host.stdout.write(await renderFile(file, { rows, width, columns: host.stdout.columns ?? 80 }));
}

async function open(source: string, host: Host): Promise<BlockFile> {
  const spec = parseSource(source);
  return isGenerator(spec) ? asBlocks(generateFile(spec)) : openBlockFile(spec, host.directory);
}
