import type { ModelPicture, PictureNode, PicturePlate } from '@sbn/compiler';

/** What is directly in a plate, or outside of all. */
export function membersOf(
  { nodes, plates }: ModelPicture,
  plate: string | undefined,
): { readonly nodes: readonly PictureNode[]; readonly plates: readonly PicturePlate[] } {
  return {
    nodes: nodes.filter((node) => node.plate === plate),
    plates: plates.filter(({ parent }) => parent === plate),
  };
}
