/** `sbnc check`: is it a model? */
import type { Command } from 'commander';
import { EXIT, Exit } from '../exit.js';
import type { Host } from '../host.js';
import { compileFile } from '../model-file.js';
import { assignment, readConstants, type Assignments } from '../options.js';
import { addCommand, examples } from '../program.js';
import { styleFor } from '../style.js';

interface CheckFlags {
  readonly set?: Assignments;
}

export function addCheck(program: Command, host: Host): void {
  addCommand(program, 'check')
    .summary('say whether model files are right, and what is wrong with them')
    .description('Checks model files: syntax, names, types, shapes, the guide, and whether the gradient is unbiased.')
    .argument('<file...>', 'model files')
    .option('--set <constant=value>', 'set a constant of the file (repeatable)', assignment)
    .addHelpText(
      'after',
      examples('sbnc check examples/bars.sbn', 'sbnc check *.sbn', 'sbnc check examples/deep.sbn --set L=5'),
    )
    .action((files: readonly string[], flags: CheckFlags) => {
      check(files, flags, host);
    });
}

function check(files: readonly string[], flags: CheckFlags, host: Host): void {
  const style = styleFor(host.stdout);
  const constants = readConstants(flags.set);
  let isRight = true;
  for (const file of files) {
    const { artifact } = compileFile(file, constants, host).stages;
    if (artifact === undefined) isRight = false;
    else {
      const latent = artifact.sites.filter(({ role }) => role === 'latent').length;
      host.stdout.write(
        `${file}: ${style.green('ok')} ${style.dim(`(${latent} latent, ${artifact.sites.length - latent} observed)`)}\n`,
      );
    }
  }
  if (!isRight) throw new Exit(EXIT.user);
}
