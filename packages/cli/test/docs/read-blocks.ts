/**
 * The code blocks of the documentation. What follows `sbn` after a fence says what the block is:
 * nothing (a whole model), `fragment` (it parses), `error SBN3012` (it has exactly this mistake), `file=NAME` (its file's name,
 * by which later blocks of the page import it and later commands of the page call it).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../../', import.meta.url));

export const PAGES: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'examples/README.md'],
  ...readdirSync(`${root}docs`).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

export interface Block {
  readonly page: string;
  /** e.g. `docs/tutorial.md:25` */
  readonly place: string;
  readonly language: string;
  /** The words after the language. */
  readonly marks: readonly string[];
  readonly text: string;
}

export type SbnBlock = Block & {
  readonly kind: 'whole' | 'fragment' | 'error';
  readonly file: string;
  readonly code: string | undefined;
};

/** The blocks of a page, in order. */
export function readBlocks(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { start: number; info: string; lines: string[] } | undefined;
  for (const [index, line] of readFileSync(`${root}${page}`, 'utf8').split('\n').entries()) {
    if (open === undefined) {
      if (line.startsWith('```')) open = { start: index + 1, info: line.slice(3), lines: [] };
    } else if (line === '```') {
      const [language = '', ...marks] = open.info.split(' ');
      const text = open.lines.map((found) => `${found}\n`).join('');
      blocks.push({ page, place: `${page}:${String(open.start)}`, language, marks, text });
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`${page}:${String(open.start)}: a block without an end`);
  return blocks;
}

/** @throws for a mark that there is not */
export function readSbnBlock(block: Block): SbnBlock {
  let kind: SbnBlock['kind'] = 'whole';
  let file = block.place;
  let code: string | undefined;
  for (const mark of block.marks) {
    if (mark === 'fragment' || mark === 'error') kind = mark;
    else if (mark.startsWith('file=')) file = mark.slice('file='.length);
    else if (kind === 'error' && /^SBN\d{4}$/.test(mark)) code = mark;
    else throw new Error(`${block.place}: \`${mark}\` marks nothing`);
  }
  if (kind === 'error' && code === undefined) throw new Error(`${block.place}: an error without its code`);
  return { ...block, kind, file, code };
}

/** The files that the reader has made of the named blocks before `block`, by name. A mistake is put right after it has been looked at. */
export function filesBefore(blocks: readonly Block[], block: Block): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const before = blocks.slice(0, blocks.indexOf(block));
  for (const candidate of before) {
    if (candidate.language !== 'sbn') continue;
    const { file, place, kind, text } = readSbnBlock(candidate);
    if (file === place || (kind === 'error' && candidate !== before.at(-1))) continue;
    files.set(file, text);
  }
  return files;
}
