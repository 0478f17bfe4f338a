/** What of the library is used. Each function makes a node of a diagram; a text stands for a `Terminal`. */
declare module 'railroad-diagrams' {
  export interface Node {
    /** Pixels. */
    readonly width: number;
  }
  export interface Drawing extends Node {
    /** Distances from the edges, in pixels. */
    format(padding: number): Drawing;
    readonly attrs: Readonly<Record<'width' | 'height', number>>;
    /** An `svg` element without its namespace. */
    toString(): string;
  }
  export interface Railroad {
    Diagram(...items: readonly Node[]): Drawing;
    Sequence(...items: readonly Node[]): Node;
    /** `normal` is the index of the one that the straight line goes through. */
    Choice(normal: number, ...options: readonly Node[]): Node;
    Optional(item: Node): Node;
    OneOrMore(item: Node, between?: Node): Node;
    ZeroOrMore(item: Node, between?: Node): Node;
    Terminal(text: string): Node;
    NonTerminal(text: string): Node;
  }
  const railroad: Railroad;
  export default railroad;
}
