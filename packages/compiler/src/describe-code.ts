/** The codes of all catalogues, with what the documentation says of each. */
import { renderDiagnostic, syntaxCatalogue, type DiagnosticCode, type Explanation, type SourceFile } from '@sbn/dsl';
import { CHECK_CATALOGUE } from './check/catalogue.js';
import { compile, type CompileOptions } from './compile.js';
import { gradientDiagnostics } from './gradient-catalogue.js';
import { resolveImport, type ReadImport } from './load-modules.js';

const CATALOGUES = [syntaxCatalogue, CHECK_CATALOGUE, gradientDiagnostics];

export interface CodeDescription extends Explanation {
  /** The diagnostic that the bad example gets, as a user sees it, without colours. */
  readonly shown: string;
}

/** Ascending. */
export function listCodes(): readonly DiagnosticCode[] {
  return CATALOGUES.flatMap(({ codes }): readonly DiagnosticCode[] => codes).toSorted();
}

/** Undefined for what is no code. */
export function describeCode(code: string): CodeDescription | undefined {
  const explanation = CATALOGUES.map((catalogue) => catalogue.explain(code)).find((found) => found !== undefined);
  return explanation && { ...explanation, shown: showBadExample(explanation) };
}

function showBadExample({ code, bad, files }: Explanation): string {
  const { sources, diagnostics } = compile(exampleFile(bad), exampleOptions(bad, files));
  const raised = diagnostics.find((diagnostic) => diagnostic.code === code);
  return raised === undefined ? '' : renderDiagnostic(sources, raised, { color: false });
}

export function exampleFile(text: string): SourceFile {
  return { name: 'model.sbn', text };
}

/** What an example is compiled with: its imports, and the settings of a first line `// --set L=5`. */
export function exampleOptions(text: string, files: Explanation['files']): CompileOptions {
  const [, settings = ''] = /^\/\/ --set (.*)/.exec(text) ?? [];
  const constants = Object.fromEntries(
    settings.split(' ').flatMap((setting): readonly (readonly [string, number])[] => {
      const [name = '', value] = setting.split('=');
      return value === undefined ? [] : [[name, Number(value)]];
    }),
  );
  return { constants, readImport: readFrom(files) };
}

/** Reads from texts by name. */
export function readFrom(files: Explanation['files']): ReadImport {
  return (path, from) => {
    const name = resolveImport(path, from.name);
    const text = Object.hasOwn(files, name) ? files[name] : undefined;
    return text === undefined ? { problem: 'there is no such file or folder' } : { name, text };
  };
}
