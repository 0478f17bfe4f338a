/** How large nodes are, and where edges end at them. Lengths are pixels; text is measured by its columns, on the safe side. */
import type { NodeKind, PictureNode } from '@sbn/compiler';
import { displayWidth } from '@sbn/dsl';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const LABEL_FONT = 14;
export const DETAIL_FONT = 11;
/** Of the mark of a parameter or an objective, whose text stands beside it. */
export const MARK = 5;
const MARK_TEXT = 18;
const COLUMN = 0.6;

export function textWidth(text: string, font: number): number {
  return displayWidth(text) * font * COLUMN;
}

/** The text of a mark is one line. */
export function markText({ label, detail }: PictureNode): string {
  return detail === '' ? label : `${label}: ${detail}`;
}

const SIZES: { readonly [Kind in NodeKind]: (node: PictureNode) => Size } = {
  latent: ellipse,
  observed: ellipse,
  data: ({ label, detail }) => ({ width: widest(label, detail) + 16, height: 40 }),
  parameter: mark,
  objective: mark,
};

/** Of the box around a node. */
export function sizeOf(node: PictureNode): Size {
  return SIZES[node.kind](node);
}

function ellipse({ label, detail }: PictureNode): Size {
  const height = 52;
  // The corners of the text lie on the ellipse, which is narrower there than in the middle.
  const width = Math.max(height, widest(label, detail) / Math.sqrt(1 - 0.5 ** 2) + 8);
  return { width, height };
}

function widest(label: string, detail: string): number {
  return Math.max(textWidth(label, LABEL_FONT), textWidth(detail, DETAIL_FONT));
}

function mark(node: PictureNode): Size {
  return { width: textWidth(markText(node), DETAIL_FONT) + 8, height: MARK_TEXT + 2 * MARK };
}

/** Where the mark of a node is, or its middle: `center` is that of its box. */
export function anchorOf(node: PictureNode, center: Point): Point {
  // The text stands where no edges are: above a parameter, below an objective.
  if (node.kind === 'parameter') return { x: center.x, y: center.y + MARK_TEXT / 2 };
  return node.kind === 'objective' ? { x: center.x, y: center.y - MARK_TEXT / 2 } : center;
}

/** The point on the outline of a node from which a line to `target` leaves it. */
export function outlineToward(node: PictureNode, center: Point, target: Point): Point {
  const anchor = anchorOf(node, center);
  const { width, height } = sizeOf(node);
  const [dx, dy] = [target.x - anchor.x, target.y - anchor.y];
  const [rx, ry] = node.kind === 'parameter' || node.kind === 'objective' ? [MARK, MARK] : [width / 2, height / 2];
  const isBox = node.kind === 'data' || node.kind === 'objective';
  const reach = isBox ? Math.max(Math.abs(dx) / rx, Math.abs(dy) / ry) : Math.hypot(dx / rx, dy / ry);
  return reach === 0 ? anchor : { x: anchor.x + dx / reach, y: anchor.y + dy / reach };
}
