/** What `sbnc` and `sbn` have in common as programs of commander. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { EXIT, renderError, report, type ExitCode } from './exit.js';
import type { Host } from './host.js';
import { styleFor } from './style.js';

/** Of this package. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

const exitCodes = `
Exit codes:
  0 done   1 the model or the data are wrong   2 the command line is wrong
  70 a bug in sbn   130 interrupted (Ctrl-C)   143, 129 ended by SIGTERM, SIGHUP`;

/** A program whose commands end by returning or throwing, never by leaving the process. */
export function createProgram(name: string, description: string, host: Host): Command {
  const errorStyle = styleFor(host.stderr);
  const program = new Command(name)
    .description(description)
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showSuggestionAfterError()
    .showHelpAfterError(helpHint(name))
    .configureOutput({
      writeOut: (text) => {
        host.stdout.write(text);
      },
      writeErr: (text) => {
        host.stderr.write(text);
      },
      getOutHelpWidth: () => Math.min(host.stdout.columns ?? 100, 120),
      getErrHelpWidth: () => Math.min(host.stderr.columns ?? 100, 120),
      getOutHasColors: () => host.stdout.hasColor,
      getErrHasColors: () => host.stderr.hasColor,
      // Commander's own messages in the form of all others.
      outputError: (text, write) => {
        const [first = '', ...rest] = text.trimEnd().split('\n');
        write(renderError(first.replace(/^error: /, ''), '', errorStyle));
        for (const line of rest) write(`  = hint: ${line.replace(/^\(Did (.*)\)$/, 'did $1')}\n`);
      },
    })
    .configureHelp({
      styleTitle: (title) => styleFor(host.stdout).bold(title),
      sortSubcommands: false,
    })
    .addHelpText('after', exitCodes)
    .exitOverride();
  return program;
}

function helpHint(command: string): string {
  return `  = hint: \`${command} --help\` shows how to call it`;
}

/** A new command of `program`, e.g. `run` of `sbn`. */
export function addCommand(program: Command, name: string): Command {
  return program.command(name).showHelpAfterError(helpHint(`${program.name()} ${name}`));
}

/** Examples below the help of a command. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

/** Runs a program on `argv` as Node gives it. */
export async function runProgram(program: Command, argv: readonly string[], host: Host): Promise<ExitCode> {
  try {
    await program.parseAsync(argv);
    return EXIT.ok;
  } catch (error) {
    return report(error, host);
  }
}
