/** `sbnc`: the compiler's command. */
import type { Command } from 'commander';
import { addCheck } from './commands/check.js';
import { addCompile } from './commands/compile.js';
import { addExplain } from './commands/explain.js';
import { addFmt } from './commands/fmt.js';
import { addGraph } from './commands/graph.js';
import type { ExitCode } from './exit.js';
import { processHost, type Host } from './host.js';
import { createProgram, runProgram } from './program.js';

/** The program with all its commands. */
export function createSbnc(host: Host): Command {
  const program = createProgram('sbnc', 'Checks, compiles, explains, formats and draws models written in sbn.', host);
  addCheck(program, host);
  addCompile(program, host);
  addExplain(program, host);
  addFmt(program, host);
  addGraph(program, host);
  return program;
}

/** @returns the exit code */
export async function main(argv: readonly string[], host: Host = processHost()): Promise<ExitCode> {
  return runProgram(createSbnc(host), argv, host);
}
