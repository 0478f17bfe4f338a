/**
 * A model file with the files that it imports, those that these import, and so on. Reading files is the caller's: this
 * asks for each text once, parses it, and places it into the set that all spans point into.
 */
import {
  parse,
  placeAfter,
  placeFirst,
  type Diagnostic,
  type ImportDeclaration,
  type Module,
  type PlacedSource,
  type SourceFile,
  type SourceSet,
} from '@sbn/dsl';
import { CHECK_CATALOGUE } from './check/catalogue.js';

/**
 * The file that `import "path"` in `from` names. Its `name` says which file it is: two imports that give the same name give
 * the same file. `problem` says, as in `cannot read "layers.sbn": there is no such file`, why there is none.
 */
export type ReadImport = (path: string, from: SourceFile) => SourceFile | { readonly problem: string };

export interface LoadedModule {
  readonly source: PlacedSource;
  readonly module: Module;
  /** Of its imports those that could be read. */
  readonly imports: readonly LoadedImport[];
}

export interface LoadedImport {
  readonly declaration: ImportDeclaration;
  readonly loaded: LoadedModule;
}

export interface LoadedProgram {
  /** The model file's own text first. */
  readonly sources: SourceSet;
  /** Undefined where the model file is nested too deeply, or has too many mistakes, to be read. */
  readonly main: LoadedModule | undefined;
  /** Everything that is imported, each file once, after the files that it imports itself. */
  readonly imported: readonly LoadedModule[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Where an app gives no reader. */
export const NO_FILES: ReadImport = () => ({ problem: 'no files can be read here' });

/** Reports files that cannot be read and files that import each other; what a file declares is not looked at. */
export function loadModules(file: SourceFile, read: ReadImport): LoadedProgram {
  const diagnostics: Diagnostic[] = [];
  const imported: LoadedModule[] = [];
  const known = new Map<string, LoadedModule | undefined>();
  let sources = placeFirst(file);

  const load = (source: PlacedSource, path: readonly string[]): LoadedModule | undefined => {
    const parsed = parse(source, source.base);
    diagnostics.push(...parsed.diagnostics);
    const module = parsed.value;
    if (module === undefined) return undefined;
    const declarations = module.declarations.filter((declaration) => declaration.kind === 'import');
    const imports = declarations.flatMap((declaration) => {
      const loaded = loadImport(declaration, source, path);
      return loaded === undefined ? [] : [{ declaration, loaded }];
    });
    return { source, module, imports };
  };

  const loadImport = (
    { path, pathSpan }: ImportDeclaration,
    from: PlacedSource,
    importing: readonly string[],
  ): LoadedModule | undefined => {
    const found = read(path, from);
    if ('problem' in found) {
      diagnostics.push(CHECK_CATALOGUE.report('SBN2016', { path, problem: found.problem }, pathSpan));
      return undefined;
    }
    const start = importing.indexOf(found.name);
    if (start >= 0) {
      const ring = [...importing.slice(start), found.name];
      diagnostics.push(CHECK_CATALOGUE.report('SBN2017', { ring }, pathSpan));
      return undefined;
    }
    if (known.has(found.name)) return known.get(found.name);
    const [larger, placed] = placeAfter(sources, found);
    sources = larger;
    const loaded = load(placed, [...importing, found.name]);
    known.set(found.name, loaded);
    if (loaded !== undefined) imported.push(loaded);
    return loaded;
  };

  const main = load(sources[0], [file.name]);
  return { sources, main, imported, diagnostics };
}

/**
 * The name of the file that `import "path"` names in a file called `from`: `layers.sbn` in `models/vae.sbn` is
 * `models/layers.sbn`. For readers that tell files apart by their paths.
 */
export function resolveImport(path: string, from: string): string {
  const isAbsolute = /^(?:[/\\]|[A-Za-z]:[/\\]|[a-z][a-z+.-]+:\/\/)/.test(path);
  const folder = isAbsolute ? '' : from.replace(/[^/\\]*$/, '');
  const [root = ''] = /^(?:[a-z][a-z+.-]+:\/\/|[A-Za-z]:[/\\]|[/\\])?/.exec(folder + path) ?? [];
  const parts: string[] = [];
  for (const part of (folder + path).slice(root.length).split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    const canGoUp = parts.length > 0 && parts.at(-1) !== '..';
    if (part === '..' && canGoUp) parts.pop();
    else parts.push(part);
  }
  return root + parts.join('/');
}
