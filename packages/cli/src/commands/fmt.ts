/** `sbnc fmt`: model files in their canonical form. */
import type { Command } from 'commander';
import { format, placeFirst, type SourceFile } from '@sbn/dsl';
import { EXIT, Exit, renderError, UsageError } from '../exit.js';
import { readStandardInput, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { readModelFile, showDiagnostics } from '../model-file.js';
import { addCommand, examples } from '../program.js';
import { styleFor } from '../style.js';

interface FmtFlags {
  readonly check?: boolean;
  readonly write?: boolean;
}

export function addFmt(program: Command, host: Host): void {
  addCommand(program, 'fmt')
    .summary('bring model files into their canonical form')
    .description(
      'Formats model files: two spaces for each level, one statement on a line, lines of at most 100 columns, every comment kept. ' +
        'The result is printed, unless an option says otherwise. Files with syntax errors are left as they are.',
    )
    .argument('[file...]', 'model files; `-`, or none where something is piped in, for standard input')
    .option('--check', 'change nothing: name the files that are not in their canonical form, with exit code 1')
    .option('--write', 'write the result over each file')
    .addHelpText(
      'after',
      examples(
        'sbnc fmt model.sbn',
        'sbnc fmt --write examples/*.sbn',
        'sbnc fmt --check examples/*.sbn',
        'sbnc fmt - < model.sbn',
      ),
    )
    .action((files: readonly string[], flags: FmtFlags) => {
      fmt(files, flags, host);
    });
}

const STANDARD_INPUT = '-';

function fmt(files: readonly string[], flags: FmtFlags, host: Host): void {
  if (flags.check === true && flags.write === true) {
    throw new UsageError('--check and --write exclude each other', 'give one of them');
  }
  const paths = files.length === 0 ? standardInput(host) : files;
  if (flags.write === true && paths.includes(STANDARD_INPUT)) {
    throw new UsageError('--write needs files: standard input cannot be written over', 'leave out --write');
  }
  const unformatted: string[] = [];
  let isRight = true;
  for (const path of paths) {
    const source = readSource(path, host);
    const formatted = formatSource(source, host);
    if (formatted === undefined) isRight = false;
    else if (flags.check === true) {
      if (formatted !== source.text) unformatted.push(source.name);
    } else if (flags.write !== true) host.stdout.write(formatted);
    else if (formatted !== source.text) {
      writeFile(path, formatted, host);
      host.stdout.write(`${path}: formatted\n`);
    }
  }
  reportUnformatted(unformatted, host);
  if (!isRight || unformatted.length > 0) throw new Exit(EXIT.user);
}

/** @throws UsageError where a person would have to type the model. */
function standardInput(host: Host): readonly string[] {
  if (!host.stdin.isTerminal) return [STANDARD_INPUT];
  throw new UsageError('missing required argument: file', '`sbnc fmt --help` shows how to call it');
}

function readSource(path: string, host: Host): SourceFile {
  if (path !== STANDARD_INPUT) return readModelFile(path, host);
  return { name: 'standard input', text: readStandardInput(host) };
}

/** Nothing, after the errors, where it has any. */
function formatSource(source: SourceFile, host: Host): string | undefined {
  const { value, diagnostics } = format(source);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  showDiagnostics({ diagnostics: errors, sources: placeFirst(source) }, host);
  return value;
}

function reportUnformatted(names: readonly string[], host: Host): void {
  if (names.length === 0) return;
  for (const name of names) host.stdout.write(`${name}\n`);
  const count = names.length === 1 ? '1 file is' : `${names.length} files are`;
  const problem = `${count} not in the canonical form`;
  host.stderr.write(renderError(problem, '`sbnc fmt --write` brings them into it', styleFor(host.stderr)));
}
