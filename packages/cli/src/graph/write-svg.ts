/** A picture as an SVG file that needs nothing else. */
import type { ModelPicture } from '@sbn/compiler';
import { displayText } from '@sbn/dsl';
import { layOutPicture, LOOP, type PlacedEdge, type PlacedNode, type PlacedPlate } from './lay-out-picture.js';
import { anchorOf, DETAIL_FONT, LABEL_FONT, MARK, markText, sizeOf, textWidth, type Point } from './node-shapes.js';

const MARGIN = 16;
const LINE = 18;
const LEAST_WIDTH = 360;
/** Bold letters take more room than their size says. */
const TITLE_FONT = 1.15 * LABEL_FONT;

const STYLE = `
    svg { background: #fff }
    text { font-family: system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; fill: #111 }
    .title { font-size: ${LABEL_FONT}px; font-weight: 600 }
    .label { font-size: ${LABEL_FONT}px; text-anchor: middle }
    .detail { font-size: ${DETAIL_FONT}px; text-anchor: middle }
    .note, .plate-label { font-size: ${DETAIL_FONT}px; fill: #555 }
    .plate-label { text-anchor: end }
    /* Where an edge passes behind a text, it is not struck through. */
    .plate-label, .beside { stroke: #fff; stroke-width: 4px; paint-order: stroke }
    .latent, .observed, .data { stroke: #111; stroke-width: 1.2 }
    .latent { fill: #fff }
    .observed, .data { fill: #ddd }
    .plate { fill: none; stroke: #777 }
    .edge { fill: none; stroke: #111; stroke-width: 1.2 }
    .guide { stroke-dasharray: 5 4 }
    .mark, .arrow { fill: #111 }
    @media (prefers-color-scheme: dark) {
      svg { background: #16181d }
      text, .mark, .arrow { fill: #eee }
      .note, .plate-label { fill: #aaa }
      .plate-label, .beside { stroke: #16181d }
      .latent, .observed, .data, .edge { stroke: #eee }
      .latent { fill: #16181d }
      .observed, .data { fill: #4a4f5a }
    }
  `;

export function writeSvg(picture: ModelPicture): string {
  const placed = layOutPicture(picture);
  const inner = Math.max(LEAST_WIDTH, Math.ceil(placed.width));
  const title = wrap(picture.title, inner, TITLE_FONT);
  const notes = picture.notes.flatMap((note) => wrap(note, inner, DETAIL_FONT));
  const top = MARGIN + title.length * LINE + 6;
  const below = top + placed.height + 10;
  const height = Math.ceil(below + notes.length * LINE + MARGIN);
  const width = inner + 2 * MARGIN;
  const move = `translate(${round(MARGIN + (inner - placed.width) / 2)} ${round(top)})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(`${picture.name}: ${picture.title}`)}">`,
    `  <title>${escape(picture.title)}</title>`,
    `  <desc>${escape(picture.notes.join('; '))}</desc>`,
    `  <style>${STYLE}</style>`,
    '  <defs>',
    '    <marker id="sbn-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">',
    '      <path class="arrow" d="M 0 1 L 10 5 L 0 9 z"/>',
    '    </marker>',
    '  </defs>',
    ...title.map((line, index) => text('title', MARGIN, MARGIN + 12 + index * LINE, line)),
    `  <g transform="${move}">`,
    ...placed.plates.map(drawPlate),
    ...placed.edges.map((edge) => drawEdge(edge, placed.nodes)),
    ...placed.nodes.flatMap(drawNode),
    ...placed.plates.map(nameOfPlate),
    '  </g>',
    ...notes.map((line, index) => text('note', MARGIN, below + 10 + index * LINE, line)),
    '</svg>',
    '',
  ].join('\n');
}

function drawPlate({ corner: { x, y }, width, height }: PlacedPlate): string {
  const box = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  return `    <rect class="plate" ${box} rx="6"/>`;
}

function nameOfPlate({ plate, corner: { x, y }, width, height }: PlacedPlate): string {
  return text('plate-label', x + width - 8, y + height - 7, plate.label);
}

function drawNode({ node, center }: PlacedNode): readonly string[] {
  const { x, y } = center;
  const { kind, label, detail } = node;
  if (kind === 'parameter' || kind === 'objective') {
    const at = anchorOf(node, center);
    const square = `x="${round(at.x - MARK)}" y="${round(at.y - MARK)}" width="${2 * MARK}" height="${2 * MARK}"`;
    const isDot = kind === 'parameter';
    return [
      isDot
        ? `    <circle class="mark" cx="${round(at.x)}" cy="${round(at.y)}" r="${MARK - 1}"/>`
        : `    <rect class="mark" ${square}/>`,
      text('detail beside', x, isDot ? at.y - 10 : at.y + 20, markText(node)),
    ];
  }
  const { width, height } = sizeOf(node);
  const box = `x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${height}"`;
  const round4 = `cx="${round(x)}" cy="${round(y)}" rx="${round(width / 2)}" ry="${height / 2}"`;
  return [
    kind === 'data' ? `    <rect class="data" ${box} rx="4"/>` : `    <ellipse class="${kind}" ${round4}/>`,
    text('label', x, y - 2, label),
    text('detail', x, y + 13, detail),
  ];
}

function drawEdge({ edge, points }: PlacedEdge, nodes: readonly PlacedNode[]): string {
  const itself = nodes.find(({ node }) => node.id === edge.from);
  const path = edge.from === edge.to && itself !== undefined ? loop(itself, edge.kind) : curve(points);
  const style = edge.kind === 'guide' ? 'edge guide' : 'edge';
  return `    <path class="${style}" d="${path}" marker-end="url(#sbn-arrow)"/>`;
}

/** Straight to the middle between each two bends, and round the bends. */
function curve(points: readonly Point[]): string {
  const [start, ...others] = points;
  const end = others.pop();
  if (start === undefined || end === undefined) return '';
  const bends = others.map((bend, index) => {
    const next = others[index + 1];
    return `Q ${at(bend)} ${at(next === undefined ? end : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 })}`;
  });
  return [`M ${at(start)}`, ...(bends.length === 0 ? [`L ${at(end)}`] : bends)].join(' ');
}

/** On the right for the model, on the left for the guide. */
function loop({ node, center: { x, y } }: PlacedNode, kind: PlacedEdge['edge']['kind']): string {
  const side = kind === 'model' ? 1 : -1;
  const { width, height } = sizeOf(node);
  const [dx, dy] = [side * (width / 2) * Math.cos(0.5), (height / 2) * Math.sin(0.5)];
  const out = x + side * (width / 2 + LOOP);
  const point = (px: number, py: number): string => at({ x: px, y: py });
  return `M ${point(x + dx, y - dy)} C ${point(out, y - 2.5 * dy)} ${point(out, y + 2.5 * dy)} ${point(x + dx, y + dy)}`;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

/** Tenths of a pixel. */
function round(length: number): string {
  return String(Math.round(length * 10) / 10);
}

function text(style: string, x: number, y: number, content: string): string {
  return `    <text class="${style}" x="${round(x)}" y="${round(y)}">${escape(content)}</text>`;
}

function wrap(content: string, width: number, font: number): readonly string[] {
  const lines: string[] = [];
  for (const word of content.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && textWidth(longer, font) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

function escape(content: string): string {
  return displayText(content).replace(/[&<>"]/g, (character) => ENTITIES.get(character) ?? character);
}
