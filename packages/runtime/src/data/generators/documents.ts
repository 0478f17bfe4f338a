/** Documents about bars: words are the cells of a 5 × 5 board, topics its rows and columns (Griffiths and Steyvers 2004, figure 1). */
import { at, type SourceSpec } from '@sbn/program';
import { fillUniforms, noiseKey } from '../../noise/noise.js';
import { readInteger } from '../options.js';
import type { RawTable } from '../raw-table.js';

const SIDE = 5;
const VOCABULARY = SIDE * SIDE;
const TOPICS = 2 * SIDE;
/** How likely a document is to have a topic, beside the one that every document has. */
const SHARE = 0.15;

/**
 * How often each of 25 words is in each of `rows` documents of `words` words. A document has one topic and perhaps others; each word is of
 * one of its topics, drawn anew, and each topic has five words, all as likely. A row is a function of `seed` and its number alone.
 */
export function generateDocuments(spec: SourceSpec): RawTable {
  const rows = readInteger(spec, 'rows', 1000, 1, 1_000_000);
  const words = readInteger(spec, 'words', 40, 1, 255);
  const seed = readInteger(spec, 'seed', 0, 0, 2 ** 32 - 1);
  const key = noiseKey(seed, 'documents');
  const uniforms = new Float32Array(1 + TOPICS + 2 * words);
  const values = new Uint8Array(rows * VOCABULARY);
  for (let row = 0; row < rows; row += 1) {
    fillUniforms(uniforms, uniforms.length, key, { row, step: 0, draw: 0 });
    const first = Math.floor(at(uniforms, 0) * TOPICS);
    const topics = Array.from({ length: TOPICS }, (_, topic) => topic).filter(
      (topic) => topic === first || at(uniforms, 1 + topic) < SHARE,
    );
    for (let word = 0; word < words; word += 1) {
      const place = 1 + TOPICS + 2 * word;
      const topic = at(topics, Math.floor(at(uniforms, place) * topics.length));
      const cell = cellOf(topic, Math.floor(at(uniforms, place + 1) * SIDE));
      values[row * VOCABULARY + cell] = (values[row * VOCABULARY + cell] ?? 0) + 1;
    }
  }
  return { source: 'documents', rows, width: VOCABULARY, values, full: 1 };
}

/** Topics 0 to 4 are the rows of the board, 5 to 9 its columns. */
function cellOf(topic: number, step: number): number {
  return topic < SIDE ? topic * SIDE + step : step * SIDE + (topic - SIDE);
}
