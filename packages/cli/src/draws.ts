/** Rows drawn from a model: pictures, numbers, or the bytes of a file. */
import { assertNever, at, type SiteInfo } from '@sbn/program';
import type { Draws, SiteValues, Values } from '@sbn/runtime';
import { UsageError, UserError } from './exit.js';
import { encodeNpy } from './npy.js';
import { formatNumber } from './numbers.js';
import { drawGrid, imageSizeOf, type ImageSize } from './picture.js';

const FORMATS = ['json', 'npy', 'txt', 'png'] as const;
export type DrawsFormat = (typeof FORMATS)[number];

/** By the ending of the path. @throws UsageError for another one. */
export function formatOf(path: string): DrawsFormat {
  const found = FORMATS.find((format) => path.toLowerCase().endsWith(`.${format}`));
  if (found === undefined)
    throw new UsageError(
      `--output ${path}: what to write follows from the ending`,
      'end it in .json, .npy, .txt or .png',
    );
  return found;
}

function valuesOf(draws: Draws, { id }: SiteInfo): SiteValues {
  const found = draws.sites[id];
  if (found === undefined) throw new UserError(`the model did not draw ${id}`);
  return found;
}

function splitRows(values: Values, rows: number): Values[] {
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * width, (row + 1) * width));
}

export interface DrawsLayout {
  /** Characters in a line: as many pictures side by side as fit. */
  readonly columns: number;
  /** Pixels in a line of a picture; left out for what the shape of a row says. */
  readonly width?: number | undefined;
  readonly kind?: DrawnKind;
}

/** A sample of each of the sites, or its mean. @throws UsageError where a row cannot be a picture of that width */
export function renderDraws(
  draws: Draws,
  sites: readonly SiteInfo[],
  { columns, width, kind = 'sample' }: DrawsLayout,
): string {
  return sites
    .map((site) => {
      const { [kind]: values, shape } = valuesOf(draws, site);
      const rows = splitRows(values, draws.rows);
      const size = width === undefined ? imageSizeOf(shape) : imageOfWidth(site, width);
      const body =
        size !== undefined && site.element.kind === 'binary'
          ? drawGrid(rows, size, columns)
          : rows.map((row) => `${formatRow(row, ' ')}\n`).join('');
      return sites.length === 1 ? body : `${site.id}\n${body}`;
    })
    .join('\n');
}

function imageOfWidth({ id, element, shape }: SiteInfo, width: number): ImageSize {
  const pixels = shape.reduce((size, dim) => size * dim, 1);
  if (element.kind === 'binary' && pixels % width === 0) return { height: pixels / width, width };
  const reason = element.kind === 'binary' ? `its ${pixels} values are no multiple of it` : 'it is not binary';
  throw new UsageError(`--width ${width}: \`${id}\` is no picture of that width: ${reason}`);
}

function formatRow(row: Values, separator: string): string {
  return Array.from(row, (value) => (Number.isInteger(value) ? String(value) : formatNumber(value))).join(separator);
}

/** What is written of a site: a draw, or its mean given what it was drawn from. */
export type DrawnKind = 'sample' | 'mean';

export interface EncodeOptions {
  readonly format: DrawsFormat;
  readonly kind?: DrawnKind;
  /** Pixels in a line of a picture; left out for what the shape of a row says. */
  readonly width?: number | undefined;
}

/**
 * The bytes of a file: `.json` has every site, the others the one of `sites`. @throws UserError where there is not one, UsageError where it
 * is no picture and is to be one.
 */
export async function encodeDraws(
  draws: Draws,
  sites: readonly SiteInfo[],
  { format, kind = 'sample', width }: EncodeOptions,
): Promise<string | Uint8Array> {
  if (format === 'json') return encodeJson(draws);
  if (sites.length !== 1) {
    throw new UserError(`the model draws ${sites.length} sites to be written, and .${format} holds one`, 'write .json');
  }
  const site = at(sites, 0);
  const { [kind]: values, shape } = valuesOf(draws, site);
  const rows = splitRows(values, draws.rows);
  switch (format) {
    case 'npy':
      return encodeNpy(values, [draws.rows, ...shape]);
    case 'txt':
      return rows.map((row) => `${row.join(' ')}\n`).join('');
    case 'png': {
      const size = width === undefined ? imageSizeOf(shape) : imageOfWidth(site, width);
      if (size === undefined || site.element.kind !== 'binary') {
        throw new UsageError(
          `\`${site.id}\` is no picture`,
          'write .json, .npy or .txt, or say its width with --width',
        );
      }
      const { encodeGrid } = await import('./png.js');
      return encodeGrid(rows, size, { scale: size.height < 20 ? 4 : 1 });
    }
    default:
      return assertNever(format);
  }
}

function encodeJson(draws: Draws): string {
  const sites: Record<string, unknown> = {};
  for (const [id, { shape, sample, mean }] of Object.entries(draws.sites)) {
    sites[id] = { shape, sample: Array.from(sample), mean: Array.from(mean) };
  }
  return `${JSON.stringify({ rows: draws.rows, sites })}\n`;
}
