/** The formats of `sbnc graph`. */
export const GRAPH_FORMATS = ['svg', 'dot', 'mermaid'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** What a file's name asks for. */
export function formatOfFile(path: string): GraphFormat | undefined {
  if (/\.svg$/i.test(path)) return 'svg';
  if (/\.(?:dot|gv)$/i.test(path)) return 'dot';
  return /\.(?:mmd|mermaid)$/i.test(path) ? 'mermaid' : undefined;
}
