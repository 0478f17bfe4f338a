/** What a trained model can show of itself: draws, what it makes of rows of the data, and its weights. */
import type { Artifact, SiteInfo } from '@sbn/program';
import type { Dataset, Draws, Model, ParameterValues } from '@sbn/runtime';
import { imageSizeOf, type ImageSize } from '../picture.js';
import { encodeGrid } from '../png.js';
import { renderImage } from './page.js';

/** How many pictures a grid has. */
const PICTURES = 64;

export async function drawPictures(model: Model, data: Dataset | undefined): Promise<string> {
  const { artifact } = model;
  const parts: string[] = [];
  const needed = artifact.programs.sample.inputs.some(({ role }) => role === 'data');
  const rows = data === undefined ? PICTURES : Math.min(PICTURES, data.rows);
  const draws =
    needed && data === undefined ? undefined : await model.sample({ rows, given: needed ? data : undefined });
  for (const site of artifact.sites.filter(({ role }) => role === 'observed')) {
    const size = pictureSize(site);
    if (draws === undefined || size === undefined) continue;
    const scale = scaleOf(size);
    const what = needed ? 'given rows of the data' : 'from the model';
    parts.push(
      renderImage(
        encodeGrid(rowsOf(draws, site, 'mean'), size, { scale }),
        `${site.id}: means at latents drawn ${what}`,
      ),
    );
    parts.push(renderImage(encodeGrid(rowsOf(draws, site, 'sample'), size, { scale }), `${site.id}: the same, drawn`));
    const seen = await readRows(site, data, rows);
    if (seen !== undefined) parts.push(renderImage(encodeGrid(seen, size, { scale }), `${site.id}: rows of the data`));
  }
  return parts.join('\n');
}

function pictureSize({ shape, element }: SiteInfo): ImageSize | undefined {
  const size = element.kind === 'binary' ? imageSizeOf(shape) : undefined;
  return size !== undefined && size.height > 2 ? size : undefined;
}

/** Small pictures are shown larger. */
function scaleOf({ height }: ImageSize): number {
  return Math.max(1, Math.round(28 / height));
}

function rowsOf(draws: Draws, { id }: SiteInfo, what: 'sample' | 'mean'): readonly ArrayLike<number>[] {
  const values = draws.sites[id]?.[what] ?? new Float32Array();
  const width = values.length / draws.rows;
  return Array.from({ length: draws.rows }, (_, row) => values.subarray(row * width, (row + 1) * width));
}

async function readRows(
  { id }: SiteInfo,
  data: Dataset | undefined,
  rows: number,
): Promise<readonly ArrayLike<number>[] | undefined> {
  const width = data?.widths[id];
  if (data === undefined || width === undefined) return undefined;
  const read = await data.read({ indices: Uint32Array.from({ length: rows }, (_, row) => row), epoch: 0, seed: 0 });
  const values = read[id];
  return values && Array.from({ length: rows }, (_, row) => values.subarray(row * width, (row + 1) * width));
}

/** Matrices one of whose axes is a row of the data that is a picture: what each unit reads, or writes. */
export function drawWeights({ parameters, sites, data }: Artifact, values: ParameterValues): string {
  const sizes = new Set([...sites.filter(({ role }) => role === 'observed'), ...data].map(countOf).filter(isPicture));
  return parameters
    .flatMap(({ name, shape, role }) => {
      const [rows, columns] = shape;
      const found = values[name]?.values;
      if (role !== 'model' || found === undefined || rows === undefined || columns === undefined || shape.length !== 2)
        return [];
      const isWriting = sizes.has(columns);
      const pixels = isWriting ? columns : rows;
      const size = sizes.has(pixels) ? imageSizeOf([pixels]) : undefined;
      if (size === undefined) return [];
      const units = Math.min(PICTURES, isWriting ? rows : columns);
      const images = Array.from({ length: units }, (_, unit) =>
        Float32Array.from(
          { length: pixels },
          (__, pixel) => found[isWriting ? unit * columns + pixel : pixel * columns + unit] ?? 0,
        ),
      );
      const most = images.reduce((top, image) => image.reduce((a, b) => Math.max(a, Math.abs(b)), top), 1e-9);
      const png = encodeGrid(images, size, { range: [-most, most], scale: scaleOf(size) });
      const verb = isWriting ? 'writes' : 'reads';
      return [
        renderImage(
          png,
          `${name}: what each of ${String(units)} units ${verb}, from −${most.toPrecision(2)} black to ${most.toPrecision(2)} white`,
        ),
      ];
    })
    .join('\n');
}

function countOf({ shape }: { readonly shape: readonly number[] }): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** 4 × 4 at least. */
function isPicture(size: number): boolean {
  return size >= 16 && imageSizeOf([size]) !== undefined;
}
