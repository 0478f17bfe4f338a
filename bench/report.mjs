/** Where results go: files of figures, and tables between marks in `docs/benchmarks.md`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { at } from './examples.mjs';

const PAGE = at('docs/benchmarks.md');

/** The machine, and how busy it is now. */
export function describeMachine() {
  const processor = cpus()[0].model.trim();
  const load = Number(loadavg()[0].toFixed(2));
  return {
    date: new Date().toISOString().slice(0, 10),
    processor,
    cores: cpus().length,
    node: process.version,
    load,
    summary: `${processor}, ${cpus().length} cores, load ${load.toFixed(1)}`,
  };
}

export function writeResults(name, results) {
  writeFileSync(at(`bench/${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
}

/** A table in Markdown. */
export function table(heads, rows) {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Replaces what is between the marks of this name. */
export function writeReport(mark, text) {
  const page = readFileSync(PAGE, 'utf8');
  const marked = new RegExp(`(<!-- ${mark} -->\n)[^]*(\n<!-- end of ${mark} -->)`);
  if (!marked.test(page)) throw new Error(`docs/benchmarks.md has no marks of ${mark}`);
  writeFileSync(
    PAGE,
    page.replace(marked, (_, before, after) => `${before}\n${text}\n${after}`),
  );
}
