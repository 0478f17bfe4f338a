import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

/** The project's own configuration, without the rules that need types: the files below do not exist. */
const linter = new ESLint({
  cwd: join(import.meta.dirname, '../../..'),
  overrideConfig: [tseslint.configs.disableTypeChecked],
});

/** What the linter says about an import in a file, e.g. `@sbn/dsl may import only chevrotain …`. */
async function complaints(file: string, code: string): Promise<string[]> {
  const results = await linter.lintText(code, { filePath: join(import.meta.dirname, '../../..', file) });
  return results.flatMap((result) => result.messages.map((message) => message.message));
}

const forbidden: readonly [file: string, name: string][] = [
  ['packages/dsl/src/new.ts', '@sbn/program'],
  ['packages/dsl/src/new.ts', '@sbn/compiler'],
  ['packages/dsl/src/new.ts', 'node:fs'],
  ['packages/program/src/new.ts', '@sbn/dsl'],
  ['packages/program/src/ops/new.ts', 'chevrotain'],
  ['packages/program/src/new.ts', 'node:fs'],
  ['packages/compiler/src/new.ts', '@sbn/runtime'],
  ['packages/compiler/src/new.ts', '@sbn/cli'],
  ['packages/compiler/src/new.ts', '@tensorflow/tfjs-core'],
  ['packages/compiler/src/passes/new.ts', 'node:path'],
  ['packages/compiler/src/new.ts', 'path'],
  ['packages/runtime/src/new.ts', '@sbn/dsl'],
  ['packages/runtime/src/new.ts', '@sbn/compiler'],
  ['packages/runtime/src/new.ts', 'node:fs/promises'],
  ['packages/runtime/src/node/new.ts', '@sbn/compiler'],
  ['packages/runtime/src/new.ts', '../../compiler/src/index.js'],
  ['packages/cli/src/new.ts', '../../compiler/dist/index.js'],
  ['packages/cli/src/new.ts', 'chalk'],
  ['packages/program/test/new.test.ts', '@sbn/compiler'],
];

const allowed: readonly [file: string, name: string][] = [
  ['packages/dsl/src/chevrotain.ts', 'chevrotain'],
  ['packages/dsl/src/new.ts', './span.js'],
  ['packages/program/src/ops/new.ts', '../program.js'],
  ['packages/compiler/src/new.ts', '@sbn/dsl'],
  ['packages/compiler/src/new.ts', '@sbn/program'],
  ['packages/runtime/src/new.ts', '@sbn/program'],
  ['packages/runtime/src/new.ts', '@tensorflow/tfjs-backend-wasm'],
  ['packages/runtime/src/node/new.ts', 'node:fs'],
  ['packages/cli/src/new.ts', '@sbn/runtime/node'],
  ['packages/cli/src/new.ts', 'commander'],
  ['packages/compiler/test/new.test.ts', 'fast-check'],
];

describe('the import order', () => {
  it.each(forbidden)('%s must not import %s', async (file, name) => {
    const said = /may import (only|nothing)|by its name/;
    expect(await complaints(file, `import '${name}';\n`)).toEqual([expect.stringMatching(said)]);
    expect(await complaints(file, `export * from '${name}';\n`)).toEqual([expect.stringMatching(said)]);
    expect(await complaints(file, `await import('${name}');\n`)).toEqual([expect.stringMatching(said)]);
  });

  it.each(allowed)('%s may import %s', async (file, name) => {
    expect(await complaints(file, `import '${name}';\nawait import('${name}');\n`)).toEqual([]);
  });

  it('keeps values of chevrotain to the one file that the build makes a bundle of', async () => {
    const said = [expect.stringContaining('Import values from `./chevrotain.js`')];
    for (const code of ["import 'chevrotain';", "export { Lexer } from 'chevrotain';", "await import('chevrotain');"]) {
      expect(await complaints('packages/dsl/src/new.ts', `${code}\n`)).toEqual(said);
    }
    expect(await complaints('packages/dsl/src/new.ts', "export type { IToken } from 'chevrotain';\n")).toEqual([]);
  });

  it('keeps Node and Math.random out of the runtime', async () => {
    expect(await complaints('packages/runtime/src/new.ts', 'export const a = process;\n')).toEqual([
      expect.stringContaining('Node is for src/node alone'),
    ]);
    expect(await complaints('packages/runtime/src/node/new.ts', 'export const a = process;\n')).toEqual([]);
    expect(await complaints('packages/runtime/src/new.ts', 'export const a = Math.random();\n')).toEqual([
      expect.stringContaining('follow from the seed alone'),
    ]);
  });
});
