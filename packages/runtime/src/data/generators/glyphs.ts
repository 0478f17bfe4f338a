/** Handwritten-looking digits, drawn with a pen of random thickness, slant, size and wobble. */
import { at, type SourceSpec } from '@sbn/program';
import { fillUniforms, noiseKey } from '../../noise/noise.js';
import { misplacedOption, readFlag, readInteger, readNumber } from '../options.js';
import type { RawTable } from '../raw-table.js';
import { DIGIT_GLYPHS, type Stroke } from './strokes.js';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Uniforms per row: ten for the whole glyph, the rest for the wobble of its points. */
const UNIFORMS_PER_ROW = 64;
const WOBBLE_START = 10;
/** Straight pieces between two points of a smooth stroke. */
const PIECES = 6;

/** A pen's path, flattened: x and y by turns, in pixels. */
type Path = readonly number[];

/**
 * `rows` digits of 28 × 28 grey levels 0…255, or with `labels` their digits 0…9, one per row, or with `known` whether a row's
 * digit shall be known, 1 in about that share of the rows. A row
 * is a function of `seed` and its number alone, so more rows continue fewer.
 */
export function generateGlyphs(spec: SourceSpec): RawTable {
  const rows = readInteger(spec, 'rows', 1000, 1, 1_000_000);
  const seed = readInteger(spec, 'seed', 0, 0, 2 ** 32 - 1);
  const labels = readFlag(spec, 'labels');
  const share = readNumber(spec, 'known', NaN);
  if (!Number.isNaN(share)) {
    if (labels)
      throw misplacedOption(spec, 'labels', 'take `labels` for the digits, and `known` for whether they are known');
    return chooseKnown(rows, seed, share);
  }
  const key = noiseKey(seed, 'glyphs');
  const uniforms = new Float32Array(UNIFORMS_PER_ROW);
  const width = labels ? 1 : PIXELS;
  const values = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    fillUniforms(uniforms, UNIFORMS_PER_ROW, key, { row, step: 0, draw: 0 });
    if (labels) values[row] = digitOf(uniforms);
    else drawGlyph(uniforms, values.subarray(row * PIXELS, (row + 1) * PIXELS));
  }
  return { source: 'glyphs', rows, width, values, full: labels ? 1 : 255 };
}

function chooseKnown(rows: number, seed: number, share: number): RawTable {
  const key = noiseKey(seed, 'glyphs/known');
  const uniform = new Float32Array(1);
  const values = Uint8Array.from({ length: rows }, (_, row) => {
    fillUniforms(uniform, 1, key, { row, step: 0, draw: 0 });
    return at(uniform, 0) < share ? 1 : 0;
  });
  return { source: 'glyphs', rows, width: 1, values, full: 1 };
}

function digitOf(uniforms: Float32Array): number {
  return Math.floor(at(uniforms, 0) * DIGIT_GLYPHS.length);
}

function drawGlyph(uniforms: Float32Array, image: Uint8Array): void {
  const ways = at(DIGIT_GLYPHS, digitOf(uniforms));
  const strokes = at(ways, Math.floor(at(uniforms, 1) * ways.length));
  const place = placement(uniforms);
  let used = WOBBLE_START;
  const paths = strokes.map((stroke) => {
    const points = stroke.points.map(([x, y]) => {
      const dx = (at(uniforms, used) - 0.5) * 0.1;
      const dy = (at(uniforms, used + 1) - 0.5) * 0.1;
      used += 2;
      return place(x + dx, y + dy);
    });
    return flatten({ ...stroke, points });
  });
  const radius = 0.75 + 0.85 * at(uniforms, 8);
  const softness = 0.9 + 0.6 * at(uniforms, 9);
  for (const path of paths) ink(image, path, radius, softness);
}

/** From the unit box to pixels: about 20 pixels high, turned, slanted, stretched and shifted at random. */
function placement(uniforms: Float32Array): (x: number, y: number) => readonly [number, number] {
  const centred = (index: number): number => at(uniforms, index) - 0.5;
  const angle = centred(2) * 0.4;
  const slant = centred(3) * 0.55 + 0.12;
  const width = 13 + 5 * centred(4);
  const height = 18.5 + 3 * centred(5);
  const shiftX = SIDE / 2 + 2.5 * centred(6);
  const shiftY = SIDE / 2 + 2 * centred(7);
  return (x, y) => {
    const down = (y - 0.5) * height;
    const across = (x - 0.5) * width - slant * down;
    return [
      shiftX + across * Math.cos(angle) - down * Math.sin(angle),
      shiftY + across * Math.sin(angle) + down * Math.cos(angle),
    ];
  };
}

/** A stroke as straight pieces; a smooth one by a Catmull-Rom spline through its points. */
function flatten({ smooth, points }: Stroke): Path {
  if (!smooth) return points.flat();
  const path: number[] = [...at(points, 0)];
  for (let index = 0; index + 1 < points.length; index += 1) {
    const from = at(points, index);
    const to = at(points, index + 1);
    const before = points[index - 1] ?? from;
    const after = points[index + 2] ?? to;
    for (let piece = 1; piece <= PIECES; piece += 1) {
      const t = piece / PIECES;
      path.push(catmullRom(before[0], from[0], to[0], after[0], t), catmullRom(before[1], from[1], to[1], after[1], t));
    }
  }
  return path;
}

function catmullRom(before: number, from: number, to: number, after: number, t: number): number {
  const slope = to - before;
  const square = 2 * before - 5 * from + 4 * to - after;
  const cube = 3 * (from - to) + after - before;
  return from + 0.5 * t * (slope + t * (square + t * cube));
}

/** Draws a path: full ink within `radius` of it, fading to none over `softness` pixels; ink does not add up. */
function ink(image: Uint8Array, path: Path, radius: number, softness: number): void {
  const reach = radius + softness / 2;
  for (let index = 0; index + 3 < path.length; index += 2) {
    const x0 = at(path, index);
    const y0 = at(path, index + 1);
    const x1 = at(path, index + 2);
    const y1 = at(path, index + 3);
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
    const right = Math.min(SIDE - 1, Math.ceil(Math.max(x0, x1) + reach));
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    const bottom = Math.min(SIDE - 1, Math.ceil(Math.max(y0, y1) + reach));
    for (let y = top; y <= bottom; y += 1) {
      for (let x = left; x <= right; x += 1) {
        const distance = distanceToSegment(x + 0.5, y + 0.5, x0, y0, x1, y1);
        const level = Math.min(1, Math.max(0, (reach - distance) / softness));
        const grey = Math.round(255 * level);
        const pixel = y * SIDE + x;
        if (grey > (image[pixel] ?? 255)) image[pixel] = grey;
      }
    }
  }
}

function distanceToSegment(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}
