/** Rows drawn from a model: pictures, numbers, or the bytes of a file. */
import { assertNever, at, type SiteInfo } from '@sbn/program';
import type { Draws, SiteValues, Values } from '@sbn/runtime';
import { UsageError, UserError } from './exit.js';
import { encodeNpy } from './npy.js';
import { formatNumber } from './numbers.js';
import { drawGrid, imageSizeOf } from './picture.js';

const FORMATS = ['json', 'npy', 'txt'] as const;
export type DrawsFormat = (typeof FORMATS)[number];

/** By the ending of the path. @throws UsageError for another one. */
export function formatOf(path: string): DrawsFormat {
  const found = FORMATS.find((format) => path.toLowerCase().endsWith(`.${format}`));
  if (found === undefined)
    throw new UsageError(`--output ${path}: what to write follows from the ending`, 'end it in .json, .npy or .txt');
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

/** A sample of each observed site; pictures are as many to a line as fit into `columns`. */
export function renderDraws(draws: Draws, sites: readonly SiteInfo[], columns: number): string {
  return sites
    .map((site) => {
      const { sample, shape } = valuesOf(draws, site);
      const rows = splitRows(sample, draws.rows);
      const size = imageSizeOf(shape);
      const body =
        size !== undefined && site.element.kind === 'binary'
          ? drawGrid(rows, size, columns)
          : rows.map((row) => `${formatRow(row, ' ')}\n`).join('');
      return sites.length === 1 ? body : `${site.id}\n${body}`;
    })
    .join('\n');
}

function formatRow(row: Values, separator: string): string {
  return Array.from(row, (value) => (Number.isInteger(value) ? String(value) : formatNumber(value))).join(separator);
}

/** The bytes of a file: `.json` has every site, the others the one that is observed. @throws UserError where there is not one. */
export function encodeDraws(draws: Draws, sites: readonly SiteInfo[], format: DrawsFormat): string | Uint8Array {
  if (format === 'json') return encodeJson(draws);
  if (sites.length !== 1) {
    throw new UserError(`the model has ${sites.length} observed sites, and .${format} holds one`, 'write .json');
  }
  const { sample, shape } = valuesOf(draws, at(sites, 0));
  switch (format) {
    case 'npy':
      return encodeNpy(sample, [draws.rows, ...shape]);
    case 'txt':
      return splitRows(sample, draws.rows)
        .map((row) => `${row.join(' ')}\n`)
        .join('');
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
