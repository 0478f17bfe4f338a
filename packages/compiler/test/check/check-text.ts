/** Checks a text as a user's file would be; its first line may give options: `// --set L=5 H=10`. */
import { parse, renderDiagnostics, type Diagnostic, type SourceFile } from '@sbn/dsl';
import { checkModel } from '../../src/check/index.js';
import type { TypedModel } from '../../src/typed-model.js';

export interface CheckedText {
  readonly source: SourceFile;
  readonly value: TypedModel | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** `undefined` where the text does not parse. */
export function tryCheck(text: string, name = 'model.sbn'): CheckedText | undefined {
  const source = { name, text };
  const { value: module } = parse(source);
  if (module === undefined) return undefined;
  return { source, ...checkModel(module, source, { constants: readConstants(text) }) };
}

/** @throws when the text does not parse: then it is no test of the checker. */
export function checkText(text: string, name = 'model.sbn'): CheckedText {
  const { diagnostics } = parse({ name, text });
  const checked = tryCheck(text, name);
  if (checked === undefined || diagnostics.length > 0) {
    throw new Error(renderDiagnostics({ name, text }, diagnostics, { color: false }));
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
