/** Writes `docs/errors`: a page for each code of the catalogues, and their index. Needs a build. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { writeErrorPages } from '../packages/cli/dist/error-pages.js';
import { fromRoot } from './workspace.mjs';

const folder = fromRoot('docs', 'errors');
mkdirSync(folder, { recursive: true });
const pages = writeErrorPages();
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(fromRoot('docs', 'errors', name));
for (const [name, text] of pages) writeFileSync(fromRoot('docs', 'errors', name), text);
process.stdout.write(`docs/errors: ${pages.size} pages\n`);
