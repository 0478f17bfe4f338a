/** What the commands run from, `packages/cli/bundle`, as the build has left it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../bundle');
const dependencies = (path: string): readonly string[] => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  };
  return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
};

/** What of other packages the bundle's files load when they run, from where the commands are. */
function findExternal(): ReadonlySet<string> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const specifiers = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/^import [^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
      ([, fixed, late]) => fixed ?? late ?? '',
    ),
  );
  return new Set(specifiers.filter((path) => !path.startsWith('.') && !isBuiltin(path)));
}

test('the commands are bundled, and what they load beside it is theirs to depend on', () => {
  const external = [...findExternal()].sort();
  expect(external).toEqual([
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-wasm',
    '@tensorflow/tfjs-core',
    'onnxruntime-node',
  ]);
  const own = dependencies('../package.json');
  for (const name of external) expect(own).toContain(name);
});

test('every script of a thread is a file of the bundle', () => {
  const named = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/new URL\("\.\/([^"]+\.js)", import\.meta\.url\)/g),
    ])
    .map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(0);
  for (const file of named) expect(existsSync(join(folder, file)), file).toBe(true);
});

test('the licences of all that is bundled are with it', () => {
  const text = readFileSync(join(folder, 'licenses.txt'), 'utf8');
  for (const name of [
    'commander',
    '@dagrejs/dagre',
    'diff',
    'chevrotain',
    'lodash-es',
    'papaparse',
    '@bufbuild/protobuf',
  ])
    expect(text).toMatch(new RegExp(`^${name} \\d\\S+ \\(.+\\)\n\n.*\\S`, 'm'));
});
