/**
 * Several texts in one address space. Each begins where the one before has ended, with one offset between them, so that a
 * span stays two numbers in every stage, and tells by itself which text it is about.
 */
import type { SourceFile } from './span.js';

export interface PlacedSource extends SourceFile {
  /** The offset of its first character. */
  readonly base: number;
}

/** In ascending order; the first begins at 0. */
export type SourceSet = readonly [PlacedSource, ...PlacedSource[]];

/** A single text is a set of its own. */
export type Sources = SourceFile | SourceSet;

export function placeFirst({ name, text }: SourceFile): SourceSet {
  return [{ name, text, base: 0 }];
}

/** The set with one more text behind the others. */
export function placeAfter(sources: SourceSet, { name, text }: SourceFile): readonly [SourceSet, PlacedSource] {
  const last = sources.at(-1) ?? sources[0];
  const placed = { name, text, base: last.base + last.text.length + 1 };
  return [[...sources, placed], placed];
}

/** The text that an offset is about; its end belongs to it. Offsets beyond all texts are the last one's. */
export function sourceAtOffset(sources: Sources, offset: number): PlacedSource {
  if ('text' in sources) return { ...sources, base: 0 };
  return sources.findLast(({ base }) => base <= offset) ?? sources[0];
}

/** The same tree, or the same diagnostics, with every span moved on by `distance`: from a text of its own into a set. */
export function moveSpans<T>(value: T, distance: number): T {
  if (distance === 0) return value;
  // Nothing but numbers within spans is changed, so that the type stays what it was.
  return moved(value, distance) as T;
}

function moved(value: unknown, distance: number): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(item, distance));
  if (typeof value !== 'object' || value === null) return value;
  if ('start' in value && 'end' in value && typeof value.start === 'number' && typeof value.end === 'number') {
    return { start: value.start + distance, end: value.end + distance };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moved(item, distance)]));
}
