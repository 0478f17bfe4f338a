/** `sbnc check`: is it a model? */
import type { Command } from 'commander';
import type { Artifact } from '@sbn/program';
import { EXIT, Exit, renderError } from '../exit.js';
import { describeVerdict } from '../explanation.js';
import type { Host, Output } from '../host.js';
import { compileFile } from '../model-file.js';
import { addModelOptions, readModelOptions, type ModelFlags } from '../model-options.js';
import { addCommand, examples } from '../program.js';
import { styleFor, type Style } from '../style.js';

interface CheckFlags extends ModelFlags {
  readonly requireUnbiased?: boolean;
}

export function addCheck(program: Command, host: Host): void {
  const command = addCommand(program, 'check')
    .summary('say whether model files are right, and what is wrong with them')
    .description('Checks model files: syntax, names, types, shapes, the guide, and whether the gradient is unbiased.')
    .argument('<file...>', 'model files')
    .option('--require-unbiased', 'also refuse a model with a site whose gradient is not shown to be unbiased');
  addModelOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbnc check examples/bars.sbn',
        'sbnc check *.sbn --require-unbiased',
        'sbnc check examples/deep.sbn --set L=5',
      ),
    )
    .action((files: readonly string[], flags: CheckFlags) => {
      check(files, flags, host);
    });
}

function check(files: readonly string[], flags: CheckFlags, host: Host): void {
  const options = readModelOptions(flags);
  let isRight = true;
  for (const file of files) {
    const { artifact } = compileFile(file, options, host).stages;
    const accepted =
      artifact !== undefined && (flags.requireUnbiased !== true || reportBiased(file, artifact, host.stderr));
    if (accepted) host.stdout.write(describeFile(file, artifact, styleFor(host.stdout)));
    else isRight = false;
  }
  if (!isRight) throw new Exit(EXIT.user);
}

function describeFile(file: string, { sites }: Artifact, style: Style): string {
  const latent = sites.filter(({ role }) => role === 'latent').length;
  return `${file}: ${style.green('ok')} ${style.dim(`(${latent} latent, ${sites.length - latent} observed)`)}\n`;
}

/** Names the sites whose gradient is biased, with the reasons; true where there is none. */
function reportBiased(file: string, { sites }: Artifact, output: Output): boolean {
  const style = styleFor(output);
  const biased = sites.flatMap((site) => (site.verdict?.kind === 'biased' ? [{ site, verdict: site.verdict }] : []));
  for (const { site, verdict } of biased) {
    const place = `${site.position.file ?? file}:${site.position.line}:${site.position.column}`;
    const by = site.estimator === undefined ? '' : `, by ${site.estimator},`;
    output.write(
      renderError(`${place}: the gradient of \`${site.id}\`${by} is ${describeVerdict(verdict)}`, '', style),
    );
  }
  return biased.length === 0;
}
