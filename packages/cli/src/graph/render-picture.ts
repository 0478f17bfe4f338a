/** A picture in any of the formats. */
import type { ModelPicture } from '@sbn/compiler';
import type { GraphFormat } from './format-name.js';
import { writeDot } from './write-dot.js';
import { writeMermaid } from './write-mermaid.js';
import { writeSvg } from './write-svg.js';

const WRITERS: { readonly [Format in GraphFormat]: (picture: ModelPicture) => string } = {
  svg: writeSvg,
  dot: writeDot,
  mermaid: writeMermaid,
};

export function renderPicture(picture: ModelPicture, format: GraphFormat): string {
  return WRITERS[format](picture);
}
