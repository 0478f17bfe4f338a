/** Where everything in a picture goes, by dagre: layers from top to bottom, plates as boxes around their members. */
import type { ModelPicture, PictureEdge, PictureNode, PicturePlate } from '@sbn/compiler';
import { createGraph, layout } from './dagre.js';
import { outlineToward, sizeOf, textWidth, DETAIL_FONT, type Point, type Size } from './node-shapes.js';

export interface PlacedNode {
  readonly node: PictureNode;
  readonly center: Point;
}

export interface PlacedPlate extends Size {
  readonly plate: PicturePlate;
  /** The upper left corner. */
  readonly corner: Point;
}

export interface PlacedEdge {
  readonly edge: PictureEdge;
  /** From outline to outline; nothing for an edge from a node to itself. */
  readonly points: readonly Point[];
}

export interface PlacedPicture extends Size {
  readonly nodes: readonly PlacedNode[];
  readonly plates: readonly PlacedPlate[];
  readonly edges: readonly PlacedEdge[];
}

/** Room for the label of a plate, below what is in it. */
export const PLATE_LABEL = 20;
const PLATE_PADDING = 14;
/** Of the loop of a node to itself, beside it. */
export const LOOP = 34;

export function layOutPicture(picture: ModelPicture): PlacedPicture {
  const graph = createGraph({ rankdir: 'TB', nodesep: 36, edgesep: 24, ranksep: 44 });
  const order = new Map(picture.nodes.map(({ id }, index) => [id, index]));
  for (const { id } of picture.plates) graph.setNode(id, {});
  for (const { id, parent } of picture.plates) if (parent !== undefined) graph.setParent(id, parent);
  for (const node of picture.nodes) {
    graph.setNode(node.id, roomFor(node, picture.edges));
    if (node.plate !== undefined) graph.setParent(node.id, node.plate);
  }
  for (const edge of picture.edges) {
    if (edge.from === edge.to) continue;
    const [above, below] = isUpward(edge, order) ? [edge.to, edge.from] : [edge.from, edge.to];
    graph.setEdge(above, below, { weight: edge.kind === 'model' ? 3 : 1 }, edge.kind);
  }
  layout(graph);

  const nodes = picture.nodes.map((node) => ({ node, center: graph.node(node.id) }));
  const byId = new Map(nodes.map((placed) => [placed.node.id, placed]));
  const edges = picture.edges.map((edge) => {
    const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
    if (from === undefined || to === undefined || from === to) return { edge, points: [] };
    const isReversed = isUpward(edge, order);
    const [above, below] = isReversed ? [edge.to, edge.from] : [edge.from, edge.to];
    const inner = graph.edge(above, below, edge.kind).points.slice(1, -1);
    return { edge, points: withEnds(from, to, isReversed ? inner.toReversed() : inner) };
  });
  return moveIntoView({ nodes, edges, plates: placePlates(picture, nodes, edges) });
}

/** An edge of a guide goes up where one of the model would go down, and must not turn the model upside down. */
function isUpward({ from, to }: PictureEdge, order: ReadonlyMap<string, number>): boolean {
  return (order.get(from) ?? 0) > (order.get(to) ?? 0);
}

function roomFor(node: PictureNode, edges: readonly PictureEdge[]): Size {
  const loops = edges.filter(({ from, to }) => from === node.id && to === node.id);
  const { width, height } = sizeOf(node);
  return { width: width + (loops.length > 0 ? 2 * LOOP : 0), height };
}

function withEnds(from: PlacedNode, to: PlacedNode, inner: readonly Point[]): readonly Point[] {
  const start = outlineToward(from.node, from.center, inner[0] ?? to.center);
  const end = outlineToward(to.node, to.center, inner.at(-1) ?? from.center);
  return [start, ...inner, end];
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Innermost first, so that each is around those in it. */
function placePlates(
  { plates }: ModelPicture,
  nodes: readonly PlacedNode[],
  edges: readonly PlacedEdge[],
): readonly PlacedPlate[] {
  const boxes = new Map<string, Box>();
  for (const { id, label } of plates.toReversed()) {
    const inside = nodes.filter(({ node }) => node.plate === id);
    const members = new Set(inside.map(({ node }) => node.id));
    const bends = edges
      .filter(({ edge }) => members.has(edge.from) && members.has(edge.to))
      .flatMap(({ points }) => points.map(({ x, y }) => ({ left: x, right: x, top: y, bottom: y })));
    const inner = plates.flatMap((plate) => (plate.parent === id ? (boxes.get(plate.id) ?? []) : []));
    const all = [...inside.map((placed) => boxOf(placed, edges)), ...bends, ...inner];
    if (all.length === 0) continue;
    const box = around(all);
    const lack = Math.max(0, textWidth(label, DETAIL_FONT) - (box.right - box.left));
    boxes.set(id, {
      left: box.left - PLATE_PADDING - lack / 2,
      top: box.top - PLATE_PADDING,
      right: box.right + PLATE_PADDING + lack / 2,
      bottom: box.bottom + PLATE_LABEL,
    });
  }
  return plates.flatMap((plate) => {
    const box = boxes.get(plate.id);
    if (box === undefined) return [];
    const { left, top, right, bottom } = box;
    return [{ plate, corner: { x: left, y: top }, width: right - left, height: bottom - top }];
  });
}

function boxOf({ node, center: { x, y } }: PlacedNode, edges: readonly PlacedEdge[]): Box {
  const { width, height } = roomFor(
    node,
    edges.map(({ edge }) => edge),
  );
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function around(boxes: readonly Box[]): Box {
  return boxes.reduce((a, b) => ({
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }));
}

/** The same with its upper left corner at the origin, and its size. */
function moveIntoView({ nodes, edges, plates }: Pick<PlacedPicture, 'nodes' | 'edges' | 'plates'>): PlacedPicture {
  const boxes = [
    ...nodes.map((placed) => boxOf(placed, edges)),
    ...plates.map(({ corner: { x, y }, width, height }) => ({ left: x, top: y, right: x + width, bottom: y + height })),
    ...edges.flatMap(({ points }) => points.map(({ x, y }) => ({ left: x, right: x, top: y, bottom: y }))),
  ];
  const box = boxes.length === 0 ? { left: 0, top: 0, right: 0, bottom: 0 } : around(boxes);
  const move = ({ x, y }: Point): Point => ({ x: x - box.left, y: y - box.top });
  return {
    width: box.right - box.left,
    height: box.bottom - box.top,
    nodes: nodes.map((placed) => ({ ...placed, center: move(placed.center) })),
    plates: plates.map((placed) => ({ ...placed, corner: move(placed.corner) })),
    edges: edges.map(({ edge, points }) => ({ edge, points: points.map(move) })),
  };
}
