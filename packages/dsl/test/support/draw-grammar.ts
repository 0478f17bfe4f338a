/** Grammars as railroad diagrams: SVG files that look right on light and on dark pages. */
import railroad, { type Node } from 'railroad-diagrams';
import type { Grammar, Part } from './read-grammar.js';

/** By name, the files of `docs/grammar`. */
export function drawGrammar(grammar: Grammar): ReadonlyMap<string, string> {
  const rules = [...grammar];
  return new Map([
    ['README.md', writeIndex(rules.map(([name]) => name))],
    ...rules.map(([name, part]) => [`${name}.svg`, drawRule(name, part)] as const),
  ]);
}

function writeIndex(names: readonly string[]): string {
  const pictures = names.map((name) => `## ${name}\n\n![${name}](${name}.svg)\n`);
  return [
    '# The grammar in pictures\n',
    'A line is followed from left to right; what is in a round box is written as it stands, and what is in a square one is a rule',
    'of its own, or a word: `NAME`, `NUMBER` or `TEXT`. Drawn from the [grammar](../language.md#grammar) by `npm run docs:grammar`.\n',
    ...pictures,
  ].join('\n');
}

const PADDING = 12;

const STYLE = `
  svg { color-scheme: light dark; --paper: #ffffff; --ink: #24292f; --word: #ddf4e4; --rule: #e6effa; }
  @media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --ink: #d0d7de; --word: #12402a; --rule: #14304f; } }
  .paper { fill: var(--paper); stroke: none; }
  path { stroke: var(--ink); stroke-width: 2; fill: none; }
  g rect { stroke: var(--ink); stroke-width: 1.5; fill: var(--rule); }
  g rect[rx] { fill: var(--word); }
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; text-anchor: middle; fill: var(--ink); }
`;

function drawRule(name: string, part: Part): string {
  const drawing = railroad.Diagram(draw(part)).format(PADDING);
  const { width, height } = drawing.attrs;
  const shapes = drawing
    .toString()
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${name}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="6"/>`,
    shapes.trim(),
    '</svg>\n',
  ].join('\n');
}

function draw(part: Part): Node {
  switch (part.kind) {
    case 'word':
      return railroad.Terminal(part.text);
    case 'rule':
      return railroad.NonTerminal(part.name);
    case 'optional':
      return railroad.Optional(draw(part.part));
    case 'repeated':
      return railroad.ZeroOrMore(draw(part.part));
    case 'choice':
      return part.parts.length === 1 ? drawAll(part.parts) : railroad.Choice(0, ...part.parts.map(draw));
    case 'sequence':
      return drawAll(part.parts);
  }
}

/** One behind the other; `x { "," x }` is drawn as an `x` that is gone through again and again. */
function drawAll(parts: readonly Part[]): Node {
  const nodes: Node[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (part === undefined) continue;
    const between = separatorOf(part, parts[index + 1]);
    nodes.push(between === undefined ? draw(part) : railroad.OneOrMore(draw(part), draw(between)));
    if (between !== undefined) index += 1;
  }
  const [only, ...others] = nodes;
  return only !== undefined && others.length === 0 ? only : railroad.Sequence(...nodes);
}

/** What stands between an item and the next, where `repeated` holds the same item again. */
function separatorOf(item: Part, repeated: Part | undefined): Part | undefined {
  if (repeated?.kind !== 'repeated') return undefined;
  const { part } = repeated;
  const inner = part.kind === 'choice' && part.parts.length === 1 ? part.parts[0] : part;
  if (inner?.kind !== 'sequence' || inner.parts.length !== 2) return undefined;
  const [separator, again] = inner.parts;
  return JSON.stringify(again) === JSON.stringify(item) ? separator : undefined;
}
