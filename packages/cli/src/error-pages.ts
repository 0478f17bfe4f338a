/** A code's page in `docs/errors`, its row in the index there, and what `sbnc explain SBN2031` prints. */
import { describeCode, listCodes, type CodeDescription } from '@sbn/compiler';
import type { Style } from './style.js';
import { wrapText } from './wrap.js';

/** What the thousands of a code stand for. */
const STAGES = {
  1: 'syntax',
  2: 'names, types and shapes',
  3: 'sites, guides, objectives, the `train` block',
  4: 'gradients',
  5: 'warnings',
} as const;

/** Lines of an example that are longer are cut. */
const LONGEST_LINE = 100;

/** Whether an argument is meant as a code, or as the beginning of one, rather than as a file. */
export function looksLikeCode(argument: string): boolean {
  return /^sbn\d*$/i.test(argument);
}

/** All pages by file name, the index among them. */
export function writeErrorPages(): ReadonlyMap<string, string> {
  const pages = listCodes().flatMap((code) => describeCode(code) ?? []);
  return new Map([
    ['README.md', renderIndex(pages)],
    ...pages.map((page) => [`${page.code}.md`, renderMarkdown(page)] as const),
  ]);
}

function renderIndex(pages: readonly CodeDescription[]): string {
  const sections = Object.entries(STAGES).map(([digit, what]) => {
    const rows = pages
      .filter(({ code }) => code.startsWith(`SBN${digit}`))
      .map(({ code, title }) => `| [${code}](${code}.md) | ${title} |`);
    return `## SBN${digit}…: ${what}\n\n| code | |\n| --- | --- |\n${rows.join('\n')}\n`;
  });
  const head =
    '# Errors and warnings\n\nEvery diagnostic has a code with a page of its own, which `sbnc explain CODE` prints too.\n' +
    'These pages are written by `npm run docs:errors` from the catalogues.\n';
  return [head, ...sections].join('\n');
}

function renderMarkdown({ code, severity, title, explanation, bad, good, files, shown }: CodeDescription): string {
  const parts = [
    `# ${code}: ${title}`,
    severity === 'error' ? `An error about ${STAGES[stageOf(code)]}.` : 'A warning.',
    explanation,
    fence('sbn-bad', bad),
    fence('text', shown),
    `Put right:\n\n${fence('sbn', good)}`,
    ...Object.entries(files).map(([name, text]) => `where \`${name}\` is\n\n${fence('sbn-file', text)}`),
  ];
  return `${parts.join('\n\n')}\n`;
}

function stageOf(code: CodeDescription['code']): keyof typeof STAGES {
  const found = ([1, 2, 3, 4, 5] as const).find((digit) => code.startsWith(`SBN${digit}`));
  return found ?? 1;
}

/** `sbn-bad` and `sbn-file` are blocks that the tests of the documentation do not take for models. */
function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${cutLines(text)}\n\`\`\``;
}

function cutLines(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line))
    .join('\n');
}

/** The page for a terminal of `columns` characters. */
export function renderErrorPage(page: CodeDescription, columns: number | undefined, style: Style): string {
  const { code, title, explanation, bad, good, files, shown } = page;
  const indent = (text: string): string => cutLines(text).replaceAll(/^(?=.)/gm, '  ');
  const parts = [
    `${style.bold(code)}${style.bold(`: ${title}`)}`,
    wrapText(explanation, Math.min(columns ?? 100, 100)),
    `${style.red('wrong')}\n${indent(bad)}`,
    indent(shown),
    `${style.green('right')}\n${indent(good)}`,
    ...Object.entries(files).map(([name, text]) => `${style.dim(name)}\n${indent(text)}`),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The codes that begin with `prefix`, each with its title. */
export function renderCodeList(codes: readonly string[], style: Style): string {
  const pages = codes.flatMap((code) => describeCode(code) ?? []);
  return pages.map(({ code, title }) => `${style.bold(code)}  ${title}\n`).join('');
}
