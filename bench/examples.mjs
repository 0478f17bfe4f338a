/** The models that are measured, and rows for them. */
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from '../packages/compiler/dist/index.js';
import { datasetFromArrays } from '../packages/runtime/dist/index.js';

export const at = (path) => new URL(`../${path}`, import.meta.url);

/**
 * An example as it is measured: its name, or the name with other constants and what its text has in the place of something.
 * @typedef {string | { model: string, constants?: Record<string, number>, replaced?: [string, string] }} Subject
 */

/** @param {Subject} subject @returns what the compiler takes */
export function sourceOf(subject) {
  const { model, constants = {}, replaced } = typeof subject === 'string' ? { model: subject } : subject;
  const name = `examples/${model}.sbn`;
  const own = readFileSync(at(name), 'utf8');
  return { source: { name, text: replaced === undefined ? own : own.replace(...replaced) }, constants };
}

/** The artifact of an example, with its default estimator or another. */
export function compileExample(subject, estimator) {
  const { source, constants } = sourceOf(subject);
  return compile(source, { constants, estimator }).value;
}

/** Pixels in no pattern, a fifth of them 1: by the name of each data declaration. */
export function drawPixels(data, rows) {
  const columns = data.map(({ name, shape: [width] }, place) => {
    const pixel = (_, index) => (Math.imul(index + place, 2654435761) >>> 0 < 2 ** 32 / 5 ? 1 : 0);
    return [name, Uint8Array.from({ length: rows * width }, pixel)];
  });
  return Object.fromEntries(columns);
}

export function drawData({ data }, rows = 2000) {
  return datasetFromArrays(data, drawPixels(data, rows));
}

const IMAGES = 10_000;

/** Images of 28 by 28 in no pattern, as MNIST's files have them (IDX). */
export function writeImages(file) {
  const header = Buffer.alloc(16);
  [0x803, IMAGES, 28, 28].forEach((number, place) => header.writeUInt32BE(number, 4 * place));
  const pixels = Buffer.from(
    Uint8Array.from({ length: IMAGES * 784 }, (_, place) => Math.imul(place, 2654435761) >>> 24),
  );
  writeFileSync(file, Buffer.concat([header, pixels]));
}
