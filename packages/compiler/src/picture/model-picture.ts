/** A model in plate notation, as data: what there is to draw, and nothing of how. */

export type NodeKind =
  | 'latent'
  | 'observed'
  /** Data that a distribution depends on, and that nothing is said about. */
  | 'data'
  /** A `param` of the file. Those that layers own are not drawn, but counted in the notes. */
  | 'parameter'
  /** The expression that is minimised or maximised. */
  | 'objective';

export interface PictureNode {
  /** Unique in the picture: the kind, and the name. */
  readonly id: string;
  readonly kind: NodeKind;
  /** `h[2]`; `h[1..1000]` for a family whose members are one node. */
  readonly label: string;
  /** The distribution or the element kind, with the shape of one row: `bernoulli [200]`. */
  readonly detail: string;
  /** The innermost plate around it. */
  readonly plate: string | undefined;
}

/** What depends on what, directly or by way of what is computed. There is one edge at most of a kind between two nodes. */
export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'model' | 'guide';
}

/** What is repeated, each time independently of the others. */
export interface PicturePlate {
  readonly id: string;
  readonly label: string;
  /** The plate around it. */
  readonly parent: string | undefined;
}

export interface ModelPicture {
  readonly name: string;
  /** The first line of what the file says about itself. */
  readonly title: string;
  /** In the order of the model: where no guide says otherwise, an edge goes from an earlier node to a later one. */
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  /** Each after the one around it. */
  readonly plates: readonly PicturePlate[];
  /** Lines below the picture: the objective, the estimators, the parameters of layers. */
  readonly notes: readonly string[];
}
