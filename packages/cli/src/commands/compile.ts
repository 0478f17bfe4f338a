/** `sbnc compile`: from a model file to any of the compiler's stages. */
import type { Program } from '@sbn/program';
import { Option, type Command } from 'commander';
import { EXIT, Exit, UsageError } from '../exit.js';
import { printPasses } from '../pass-text.js';
import { checkWritable, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { compileArtifact, compileFile } from '../model-file.js';
import { addModelOptions, readModelOptions, type ModelFlags } from '../model-options.js';
import { addCommand, examples } from '../program.js';
import { writeOnnxFiles } from '../onnx-files.js';
import { renderStage, STAGES, type StageName } from '../stage-text.js';

interface CompileFlags extends ModelFlags {
  readonly output?: string;
  readonly emit: StageName;
  readonly passes?: boolean;
  readonly target?: 'onnx';
  readonly checkpoint?: string;
}

export function addCompile(program: Command, host: Host): void {
  const command = addCommand(program, 'compile')
    .summary('compile a model file into an artifact, or show a stage on the way')
    .description(
      'Compiles a model file. The artifact is what a runtime trains and samples: programs, parameters and sites as JSON. ' +
        'Without -o the result is printed. With --target onnx, the programs that evaluate, sample and infer are written as ONNX files ' +
        'into the folder -o: their rows B are up to the caller, who also gives the uniforms to draw from.',
    )
    .argument('<file>', 'model file')
    .option('-o, --output <path>', 'where to write the result; a folder for --target')
    .addOption(new Option('--target <format>', 'write files for another runtime').choices(['onnx']))
    .option('--checkpoint <path>', 'trained parameters, to be part of the files of --target (default: inputs of them)')
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
        'sbnc compile model.sbn --target onnx --checkpoint runs/model-1/checkpoint.safetensors -o deploy',
      ),
    )
    .action((file: string, flags: CompileFlags) => {
      if (flags.checkpoint !== undefined && flags.target === undefined)
        throw new UsageError('--checkpoint is for --target onnx', 'add it, or leave the checkpoint out');
      if (flags.target === undefined) compile(file, flags, host);
      else return compileTarget(file, flags, host);
      return undefined;
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

async function compileTarget(file: string, flags: CompileFlags, host: Host): Promise<void> {
  const { output, checkpoint } = flags;
  if (output === undefined) throw new UsageError('--target onnx writes several files', 'name their folder with -o');
  await writeOnnxFiles(compileArtifact(file, readModelOptions(flags), host), output, checkpoint, host);
}
