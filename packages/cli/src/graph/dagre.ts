/** The part of dagre that is used here, typed: its own types name files in a way that Node's resolution does not find. */
import * as dagre from '@dagrejs/dagre';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A node that is laid out has the middle of its box, an edge its bends with both ends. */
export interface DagreGraph {
  setGraph(options: Readonly<Record<string, number | string>>): void;
  setNode(id: string, label: { readonly width?: number; readonly height?: number }): void;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, label: { readonly weight: number }, name: string): void;
  node(id: string): Spot;
  edge(from: string, to: string, name: string): { readonly points: readonly Spot[] };
}

interface Dagre {
  readonly Graph: new (options: { readonly compound: boolean; readonly multigraph: boolean }) => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
}

const untyped: unknown = dagre;
// The wall to an untyped library: what is used of it is tested by every picture.
const { Graph, layout } = untyped as Dagre;

/** An empty graph, whose nodes may be in others, and between whose nodes there may be several edges. */
export function createGraph(options: Readonly<Record<string, number | string>>): DagreGraph {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph(options);
  return graph;
}

export { layout };
