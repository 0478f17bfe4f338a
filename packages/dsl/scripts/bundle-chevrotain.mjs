/**
 * Puts chevrotain and all that it loads into `dist/chevrotain.js`, in the place of the file that TypeScript makes of
 * `src/chevrotain.ts`: one module loads ten times as fast as seven hundred. Run after `tsc -b`, which writes that file again
 * only where its source has changed.
 * `node scripts/bundle-chevrotain.mjs [folder]`, by default `dist`
 */
import { join, resolve } from 'node:path';
import { bundle, licencesOf } from '../../../scripts/bundle.mjs';

const folder = join(import.meta.dirname, '..');
const outfile = join(resolve(folder, process.argv[2] ?? 'dist'), 'chevrotain.js');

await bundle(
  folder,
  { entryPoints: ['src/chevrotain.ts'], outfile, platform: 'neutral', mainFields: ['module', 'main'] },
  licencesOf(outfile),
);
