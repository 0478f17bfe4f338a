/** `sbnc compile`: from a model file to any of the compiler's stages. */
import type { Program } from '@sbn/program';
import { Option, type Command } from 'commander';
import { EXIT, Exit, UsageError } from '../exit.js';
import { printPasses } from '../pass-text.js';
import { checkWritable, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { compileFile } from '../model-file.js';
import { addModelOptions, readModelOptions, type ModelFlags } from '../model-options.js';
import { addCommand, examples } from '../program.js';
import { renderStage, STAGES, type StageName } from '../stage-text.js';

interface CompileFlags extends ModelFlags {
  readonly output?: string;
  readonly emit: StageName;
  readonly passes?: boolean;
}

export function addCompile(program: Command, host: Host): void {
  const command = addCommand(program, 'compile')
    .summary('compile a model file into an artifact, or show a stage on the way')
    .description(
      'Compiles a model file. The artifact is what a runtime trains and samples: programs, parameters and sites as JSON. ' +
        'Without -o the result is printed.',
    )
    .argument('<file>', 'model file')
    .option('-o, --output <path>', 'where to write the result')
    .addOption(new Option('--emit <stage>', 'which stage to show').choices(STAGES).default('artifact'));
  command.option(
    '--passes',
    'with --emit program: each program before it is optimised, and after each pass that changes it',
  );
  addModelOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbnc compile model.sbn -o model.json',
        'sbnc compile model.sbn --emit program | less',
        'sbnc compile deep.sbn --set L=5 --emit plan',
        'sbnc compile model.sbn --emit program --passes | less',
      ),
    )
    .action((file: string, flags: CompileFlags) => {
      compile(file, flags, host);
    });
}

function compile(file: string, flags: CompileFlags, host: Host): void {
  const { output, emit } = flags;
  if (flags.passes === true && emit !== 'program') {
    throw new UsageError('--passes is for --emit program', 'add --emit program, or leave --passes out');
  }
  if (output !== undefined) checkWritable(output, host);
  const expanded: Program[] = [];
  const onExpanded = flags.passes === true ? (made: Program) => void expanded.push(made) : undefined;
  const { stages } = compileFile(file, { ...readModelOptions(flags), onExpanded }, host);
  const text =
    flags.passes === true && stages.programs !== undefined ? printPasses(expanded) : renderStage(emit, stages);
  const isWrong = stages.diagnostics.some(({ severity }) => severity === 'error');
  if (text === undefined || isWrong) throw new Exit(EXIT.user);
  if (output === undefined) host.stdout.write(text);
  else writeFile(output, text, host);
}
