/** Checks a text as a user's file would be; its first line may give options: `// --set L=5 H=10`. */
import { readFileSync, statSync } from 'node:fs';
import { renderDiagnostics, type Diagnostic, type SourceSet } from '@sbn/dsl';
import { checkModel } from '../../src/check/index.js';
import { loadModules, resolveImport, type ReadImport } from '../../src/load-modules.js';
import type { TypedModel } from '../../src/typed-model.js';

export interface CheckedText {
  readonly sources: SourceSet;
  readonly value: TypedModel | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const IMPORTS = new URL('fixtures/imports/', import.meta.url);

/** What the tests' programs import stands in a folder of its own. */
const readFixture: ReadImport = (path, from) => {
  const name = resolveImport(path, from.name);
  // Random texts ask for names that no file can have.
  const isFile = (file: URL): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  try {
    const file = new URL(name, IMPORTS);
    if (isFile(file)) return { name, text: readFileSync(file, 'utf8') };
  } catch {
    return { problem: 'there can be no such file' };
  }
  return { problem: 'there is no such file' };
};

/** `undefined` where the text does not parse. */
export function tryCheck(text: string, name = 'model.sbn', readImport = readFixture): CheckedText | undefined {
  const source = { name, text };
  const { main, imported, sources, diagnostics } = loadModules(source, readImport);
  if (main === undefined) return undefined;
  const loaded = { main, imported, sources };
  const incomplete = diagnostics.some(({ severity }) => severity === 'error');
  const checked = checkModel(main.module, source, { constants: readConstants(text), incomplete, loaded });
  return {
    sources,
    value: incomplete ? undefined : checked.value,
    diagnostics: [...diagnostics, ...checked.diagnostics],
  };
}

/** @throws when the text does not parse: then it is no test of the checker. */
export function checkText(text: string, name = 'model.sbn', readImport = readFixture): CheckedText {
  const checked = tryCheck(text, name, readImport);
  const syntax = checked?.diagnostics.filter(({ code }) => code.startsWith('SBN1')) ?? [];
  if (checked === undefined || syntax.length > 0) {
    throw new Error(renderDiagnostics({ name, text }, syntax, { color: false }));
  }
  return checked;
}

export function codesOf({ diagnostics }: CheckedText): string[] {
  return diagnostics.map(({ code }) => code);
}

function readConstants(text: string): Record<string, number> {
  const [, options = ''] = /^\/\/ --set (.*)/.exec(text) ?? [];
  const pairs = options.split(' ').filter((option) => option !== '');
  return Object.fromEntries(
    pairs.map((pair): [string, number] => {
      const [name = '', value = ''] = pair.split('=');
      return [name, Number(value)];
    }),
  );
}
