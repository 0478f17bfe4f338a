/** From a model file's path to its artifact, with everything wrong with it said on the way. */
import { compileStages, resolveImport, type CompiledStages, type CompileOptions, type ReadImport } from '@sbn/compiler';
import { renderDiagnostics, summarize, type Module, type SourceFile } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import { EXIT, Exit } from './exit.js';
import { readText, tryReadText } from './files.js';
import type { Host } from './host.js';
import type { ModelOptions } from './model-options.js';
import { checkNames } from './options.js';

export interface CompiledFile {
  readonly source: ModelSource;
  readonly stages: CompiledStages;
}

/** The text of a model, and what its imports are read with. */
export interface ModelSource extends SourceFile {
  readonly readImport: ReadImport;
}

type StageOptions = ModelOptions & Pick<CompileOptions, 'stopAfter' | 'onExpanded'>;

/** Compiles a file and shows its diagnostics. @throws UserError when the file cannot be read. */
export function compileFile(path: string, options: StageOptions, host: Host): CompiledFile {
  return compileSource(readModelFile(path, host), options, host);
}

/** @throws UserError when the file cannot be read. */
export function readModelFile(path: string, host: Pick<Host, 'directory'>): ModelSource {
  return { name: path, text: readText(path, 'a model file', host), readImport: importsFromDisk(host) };
}

function importsFromDisk(host: Pick<Host, 'directory'>): ReadImport {
  return (path, from) => {
    const name = resolveImport(path, from.name);
    const read = tryReadText(name, 'a model file', host);
    if ('text' in read) return { name, text: read.text };
    return { problem: read.isRead ? `it is ${read.problem}` : read.problem };
  };
}

/** The model that an artifact was compiled from, with its imports as they were then. */
export function sourceOfArtifact({ source: { file, text, imports } }: Artifact): ModelSource {
  const readImport: ReadImport = (path, from) => {
    const name = resolveImport(path, from.name);
    const found = imports.find((candidate) => candidate.file === name);
    return found === undefined ? { problem: 'the run was made without it' } : { name, text: found.text };
  };
  return { name: file, text, readImport };
}

/** All stages of a model, with nothing shown. */
export function compileQuietly({ readImport, ...source }: ModelSource, options: StageOptions): CompiledStages {
  return compileStages(source, { ...options, readImport });
}

/** The same for a text. Where it `isKnown`, warnings have been shown before, and errors alone are. */
export function compileSource(source: ModelSource, options: StageOptions, host: Host, isKnown = false): CompiledFile {
  const stages = compileQuietly(source, options);
  reportStages(stages, options, host, isKnown);
  return { source, stages };
}

/** Shows what compiling found. @throws UsageError for a constant that the file does not have. */
export function reportStages(stages: CompiledStages, options: ModelOptions, host: Host, isKnown = false): void {
  checkConstants(options.constants, stages);
  const shown = stages.diagnostics.filter(({ severity }) => !isKnown || severity === 'error');
  showDiagnostics({ ...stages, diagnostics: shown }, host);
}

/** @throws UsageError for a constant that the file does not have. */
export function checkConstants(constants: ModelOptions['constants'], stages: CompiledStages): void {
  if (stages.ast === undefined) return;
  checkNames('--set', Object.keys(constants), knownConstants(stages), 'constant', 'constants');
}

/** The constants of a file and of what it imports. */
export function knownConstants({ ast, imported }: CompiledStages): readonly string[] {
  const modules = imported.map(({ module }) => module);
  return (ast === undefined ? modules : [ast, ...modules]).flatMap(constantsOf);
}

function constantsOf({ declarations }: Module): readonly string[] {
  return declarations.flatMap((declaration) => (declaration.kind === 'const' ? [declaration.name.name] : []));
}

/** The artifact of a file. @throws Exit with code 1, after the diagnostics, where there is none. */
export function compileArtifact(path: string, options: ModelOptions, host: Host): Artifact {
  const { artifact } = compileFile(path, options, host).stages;
  if (artifact === undefined) throw new Exit(EXIT.user);
  return artifact;
}

/** The diagnostics, and a line that counts them where there is more than one. */
export function showDiagnostics(
  { diagnostics, sources }: Pick<CompiledStages, 'diagnostics' | 'sources'>,
  host: Host,
): void {
  if (diagnostics.length === 0) return;
  const text = renderDiagnostics(sources, diagnostics, { color: host.stderr.hasColor });
  const count = diagnostics.length > 1 ? `\n${sources[0].name}: ${summarize(diagnostics)}\n` : '';
  host.stderr.write(`${text}\n${count}`);
}
