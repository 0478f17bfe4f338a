/**
 * Puts the commands into `bundle/`, a few files in the place of hundreds: loading those is most of what a short command takes. What
 * loads files of its own at run time, the engines, is left where it is. Run after all packages have been built.
 */
import { basename, join } from 'node:path';
import { bundle, clear, findThreads } from '../../../scripts/bundle.mjs';

const folder = join(import.meta.dirname, '..');
const outdir = join(folder, 'bundle');
const licences = join(outdir, 'licenses.txt');

const COMMANDS = ['dist/sbnc.js', 'dist/sbn.js'].map((path) => join(folder, path));

const bundleAll = (paths) =>
  bundle(
    folder,
    {
      // All beside each other: a thread's script is looked for beside whoever starts it.
      entryPoints: paths.map((path) => ({ in: path, out: basename(path, '.js') })),
      outdir,
      platform: 'node',
      splitting: true,
      external: ['@tensorflow/*', 'onnxruntime-node'],
      // What of the bundled packages is CommonJS asks for Node's own modules by `require`.
      banner: {
        js: "import { createRequire as createBundleRequire } from 'node:module';\nconst require = createBundleRequire(import.meta.url);",
      },
    },
    licences,
  );

clear(outdir);
const threads = findThreads(await bundleAll(COMMANDS));
clear(outdir);
await bundleAll([...COMMANDS, ...threads]);
