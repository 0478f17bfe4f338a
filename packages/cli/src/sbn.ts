/** `sbn`: trains, evaluates and samples models, and proves and profiles their gradients. */
import type { Command } from 'commander';
import { addCompare } from './commands/compare.js';
import { addData } from './commands/data.js';
import { addEval } from './commands/eval.js';
import { addPosterior } from './commands/posterior.js';
import { addPredict } from './commands/predict.js';
import { addProfile } from './commands/profile.js';
import { addReport } from './commands/report.js';
import { addResume } from './commands/resume.js';
import { addRun } from './commands/run.js';
import { addSample } from './commands/sample.js';
import { addVerify } from './commands/verify.js';
import type { ExitCode } from './exit.js';
import { processHost, type Host } from './host.js';
import { createProgram, runProgram } from './program.js';

/** The program with all its commands. */
export function createSbn(host: Host): Command {
  const program = createProgram(
    'sbn',
    'Trains models written in sbn, evaluates them, draws from them, and proves and profiles their gradients.',
    host,
  );
  addRun(program, host);
  addResume(program, host);
  addEval(program, host);
  addSample(program, host);
  addPosterior(program, host);
  addPredict(program, host);
  addData(program, host);
  addVerify(program, host);
  addProfile(program, host);
  addReport(program, host);
  addCompare(program, host);
  return program;
}

/** @returns the exit code */
export async function main(argv: readonly string[], host: Host = processHost()): Promise<ExitCode> {
  return runProgram(createSbn(host), argv, host);
}
