/** From a model file's path to its artifact, with everything wrong with it said on the way. */
import { compileStages, type CompiledStages, type CompileOptions } from '@sbn/compiler';
import { renderDiagnostics, summarize, type Diagnostic, type SourceFile } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import { EXIT, Exit } from './exit.js';
import { readText } from './files.js';
import type { Host } from './host.js';
import type { ModelOptions } from './model-options.js';
import { checkNames } from './options.js';

export interface CompiledFile {
  readonly source: SourceFile;
  readonly stages: CompiledStages;
}

type StageOptions = ModelOptions & Pick<CompileOptions, 'stopAfter'>;

/** Compiles a file and shows its diagnostics. @throws UserError when the file cannot be read. */
export function compileFile(path: string, options: StageOptions, host: Host): CompiledFile {
  return compileSource(readModelFile(path, host), options, host);
}

/** @throws UserError when the file cannot be read. */
export function readModelFile(path: string, host: Host): SourceFile {
  return { name: path, text: readText(path, 'a model file', host) };
}

/** The same for a text. Where it `isKnown`, warnings have been shown before, and errors alone are. */
export function compileSource(source: SourceFile, options: StageOptions, host: Host, isKnown = false): CompiledFile {
  const stages = compileStages(source, options);
  reportStages(source, stages, options, host, isKnown);
  return { source, stages };
}

/** Shows what compiling found. @throws UsageError for a constant that the file does not have. */
export function reportStages(
  source: SourceFile,
  stages: CompiledStages,
  options: ModelOptions,
  host: Host,
  isKnown = false,
): void {
  checkConstants(options.constants, stages);
  const shown = stages.diagnostics.filter(({ severity }) => !isKnown || severity === 'error');
  showDiagnostics(shown, source, host);
}

/** @throws UsageError for a constant that the file does not have. */
function checkConstants(constants: ModelOptions['constants'], { ast }: CompiledStages): void {
  if (ast === undefined) return;
  const known = ast.declarations.flatMap((declaration) =>
    declaration.kind === 'const' ? [declaration.name.name] : [],
  );
  checkNames('--set', Object.keys(constants), known, 'constant', 'constants');
}

/** The artifact of a file. @throws Exit with code 1, after the diagnostics, where there is none. */
export function compileArtifact(path: string, options: ModelOptions, host: Host): Artifact {
  const { artifact } = compileFile(path, options, host).stages;
  if (artifact === undefined) throw new Exit(EXIT.user);
  return artifact;
}

/** The diagnostics, and a line that counts them where there is more than one. */
export function showDiagnostics(diagnostics: readonly Diagnostic[], source: SourceFile, host: Host): void {
  if (diagnostics.length === 0) return;
  const text = renderDiagnostics(source, diagnostics, { color: host.stderr.hasColor });
  const count = diagnostics.length > 1 ? `\n${source.name}: ${summarize(diagnostics)}\n` : '';
  host.stderr.write(`${text}\n${count}`);
}
