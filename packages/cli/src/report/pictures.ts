/** What a trained model can show of itself: draws, what it makes of rows of the data, and its weights. */
import type { Artifact, SiteInfo } from '@sbn/program';
import type { Dataset, Draws, Model, ParameterValues, Values } from '@sbn/runtime';
import { imageSizeOf, type ImageSize } from '../picture.js';
import { encodeGrid } from '../png.js';
import type { Sources } from '../sources.js';
import { renderImage } from './page.js';
import { findOtherHalf, joinHalves } from './whole-picture.js';

/** How many pictures a grid has. */
const PICTURES = 64;

/** Rows of the data with their reconstructions, and how many in a line. */
const PAIRS = 32;
const PAIRS_IN_LINE = 16;

/** With `data` that are one half of pictures whose other half a site predicts, by `sources`, the pictures are whole. */
export async function drawPictures(model: Model, data: Dataset | undefined, sources: Sources): Promise<string> {
  const { artifact } = model;
  const parts: string[] = [];
  const needed = artifact.programs.sample.inputs.some(({ role }) => role === 'data');
  const rows = data === undefined ? PICTURES : Math.min(PICTURES, data.rows);
  const draws =
    needed && data === undefined ? undefined : await model.sample({ rows, given: needed ? data : undefined });
  for (const site of artifact.sites.filter(({ role }) => role === 'observed')) {
    const size = pictureSize(site);
    if (draws === undefined || size === undefined) continue;
    const other = needed ? findOtherHalf(site.id, sources) : undefined;
    const rest = other && (await readRows({ id: other.name }, data, rows));
    const whole = rest === undefined ? size : { ...size, height: 2 * size.height };
    const where = other && rest && `, ${other.isAbove ? 'below' : 'above'} the \`${other.name}\` that is given`;
    const add = (pictures: readonly ArrayLike<number>[], caption: string): void => {
      const shown = pictures.map((picture, row) => {
        const half = rest?.[row];
        if (half === undefined) return picture;
        return other?.isAbove === true ? joinHalves(half, picture) : joinHalves(picture, half);
      });
      parts.push(renderImage(encodeGrid(shown, whole, { scale: scaleOf(whole) }), `${site.id}: ${caption}`));
    };
    const what = needed ? 'given rows of the data' : 'from the model';
    add(rowsOf(draws, site, 'mean'), `means at latents drawn ${what}${where ?? ''}`);
    add(rowsOf(draws, site, 'sample'), 'the same, drawn');
    const seen = await readRows(site, data, rows);
    if (seen !== undefined) add(seen, 'rows of the data');
  }
  return parts.join('\n');
}

/**
 * Rows of the data, and under each what its latents remember of it: the mean at latents that are drawn from the guide. Empty for models
 * without a guide, and where nothing is a picture.
 */
export async function drawReconstructions(model: Model, data: Dataset | undefined): Promise<string> {
  const { sites } = model.artifact;
  const shown = sites.filter((site) => site.role === 'observed' && pictureSize(site) !== undefined);
  const isGuided = sites.some(({ role, block }) => role === 'latent' && block === 'guide');
  if (data === undefined || !isGuided || shown.length === 0) return '';
  // Full lines, so that pairs stand below one another.
  const rows = data.rows < PAIRS ? Math.min(PAIRS_IN_LINE, data.rows) : PAIRS;
  const { reconstructions } = await model.posterior(data, { rows, reconstruct: true });
  const parts = shown.map(async (site): Promise<string> => {
    const [size, found, seen] = [pictureSize(site), reconstructions[site.id], await readRows(site, data, rows)];
    if (size === undefined || found === undefined || seen === undefined) return '';
    const pictures: ArrayLike<number>[] = [];
    const made = splitRows(found.mean, rows);
    const perLine = Math.min(rows, PAIRS_IN_LINE);
    for (let start = 0; start < rows; start += perLine)
      pictures.push(...seen.slice(start, start + perLine), ...made.slice(start, start + perLine));
    const png = encodeGrid(pictures, size, { scale: scaleOf(size), perLine });
    return renderImage(
      png,
      `${site.id}: rows of the data, and below each line its means at latents drawn from the guide`,
    );
  });
  return (await Promise.all(parts)).filter((part) => part !== '').join('\n');
}

function pictureSize({ shape, element }: SiteInfo): ImageSize | undefined {
  const size = element.kind === 'binary' ? pictureOf(shape) : undefined;
  return size !== undefined && size.height > 1 ? size : undefined;
}

/** Also for half a square picture, as in structured prediction. */
function pictureOf(shape: readonly number[]): ImageSize | undefined {
  const [only] = shape;
  const square = shape.length === 1 && only !== undefined ? imageSizeOf([2 * only]) : undefined;
  return imageSizeOf(shape) ?? (square && { height: square.height / 2, width: square.width });
}

/** Small pictures are shown larger. */
function scaleOf({ height }: ImageSize): number {
  return Math.max(1, Math.round(28 / height));
}

function rowsOf(draws: Draws, { id }: SiteInfo, what: 'sample' | 'mean'): readonly ArrayLike<number>[] {
  const values = draws.sites[id]?.[what] ?? new Float32Array();
  return splitRows(values, draws.rows);
}

function splitRows(values: Values, rows: number): readonly ArrayLike<number>[] {
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * width, (row + 1) * width));
}

async function readRows(
  { id }: Pick<SiteInfo, 'id'>,
  data: Dataset | undefined,
  rows: number,
): Promise<readonly ArrayLike<number>[] | undefined> {
  const width = data?.widths[id];
  if (data === undefined || width === undefined) return undefined;
  const read = await data.read({ indices: Uint32Array.from({ length: rows }, (_, row) => row), epoch: 0, seed: 0 });
  const values = read[id];
  return values && splitRows(values, rows);
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
      const size = sizes.has(pixels) ? pictureOf([pixels]) : undefined;
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
  return size >= 16 && pictureOf([size]) !== undefined;
}
