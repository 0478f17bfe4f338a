/** Puts modules and all that they load into few files, which load several times as fast, with the licences of what is in them. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * @param {string} folder that paths are relative to
 * @param {import('esbuild').BuildOptions} options where from, where to and what is left out. Names are kept, so that traces can be read.
 * @param {string} licences file for what the licences of the bundled packages ask for
 * @returns {Promise<readonly string[]>} the modules that are in the bundle
 */
export async function bundle(folder, options, licences) {
  const { metafile } = await build({
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  const modules = Object.keys(metafile.inputs).map((path) => join(folder, path));
  writeFileSync(licences, `${describeLicences(modules).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
  return modules;
}

/** What a licence file of a bundle is called, by the bundle. */
export const licencesOf = (file) => file.replace(/\.js$/, '.licenses.txt');

function describeLicences(modules) {
  const folders = modules.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  // A module may be a bundle itself.
  const bundles = modules.map(licencesOf).filter((path) => path.endsWith('.licenses.txt') && existsSync(path));
  return [
    ...[...new Set(folders)].sort().map(describePackage),
    ...bundles.map((path) => readFileSync(path, 'utf8').trim()),
  ];
}

function describePackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = ['LICENSE', 'LICENSE.txt', 'LICENSE.md'].map((file) => join(folder, file)).find(existsSync);
  return `${name} ${version} (${license})\n\n${text === undefined ? '' : readFileSync(text, 'utf8').trim()}`.trim();
}

/** Scripts of threads, which a module names by their place beside it: they have to be bundles of their own. */
export function findThreads(modules) {
  return modules.flatMap((path) => {
    if (!path.endsWith('.js')) return [];
    const named = readFileSync(path, 'utf8').matchAll(/new URL\('(\.\/[^']+\.js)', import\.meta\.url\)/g);
    return [...named].map(([, file]) => join(dirname(path), file));
  });
}

/** Leaves nothing of an earlier bundle. */
export function clear(folder) {
  rmSync(folder, { recursive: true, force: true });
}
