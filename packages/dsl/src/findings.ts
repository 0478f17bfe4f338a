/**
 * The diagnostics of one text while it is parsed, and the places they are about. One mistake is one diagnostic: nothing
 * is said twice of the same place, and what is wrong next to a damaged place is a consequence of the damage.
 */
import type { IToken } from 'chevrotain';
import type { Diagnostic } from './diagnostic.js';
import { indexLines, lineOf } from './positions.js';
import type { Span } from './span.js';
import { isFirstOnLine, spanOf } from './token-access.js';
import * as token from './tokens.js';

/** Between two tokens, where something is missing or too much; `undefined` is the beginning or the end of the file. */
export interface Place {
  readonly previous: IToken | undefined;
  readonly found: IToken | undefined;
  /** What to underline: the found token, or the end of the previous one where the found one is on a later line. */
  readonly span: Span;
  /** Whether the found token is what is underlined. */
  readonly showsFound: boolean;
}

export interface Findings {
  /** Adds a diagnostic in any case. */
  readonly add: (diagnostic: Diagnostic) => void;
  /** Adds a diagnostic unless something is wrong at this place, or with the token before it, already. */
  readonly addAt: (place: Place, make: (place: Place) => Diagnostic) => void;
  /** The same, for what is as likely a consequence of any earlier mistake in how its line is put together. */
  readonly addIfFirstOnLine: (place: Place, make: (place: Place) => Diagnostic) => void;
  /** The place before the first token that begins at an offset or after it. */
  readonly placeAt: (offset: number) => Place;
  /** The same place with something there underlined: a span, or else the token itself. */
  readonly placeOn: (offset: number, span?: Span) => Place;
  /** Whether a diagnostic begins at a token within a span, or right after one. */
  readonly anyWithin: (span: Span) => boolean;
  /** Notes the names that a part of the text would have declared, had it been readable. */
  readonly lose: (span: Span) => void;
  readonly diagnostics: () => readonly Diagnostic[];
  readonly lostNames: () => readonly string[];
}

/** Mistakes with lower codes are in single words, and leave the rest of the line intact. */
const FIRST_OF_STRUCTURE = 'SBN1020';
const UNCLOSED = 'SBN1020';

export interface Damage {
  readonly tokens: readonly IToken[];
  readonly text: string;
  /** What is reported so far. */
  readonly diagnostics: readonly Diagnostic[];
  /** Ascending, not overlapping. */
  readonly damage: readonly Span[];
}

/** A declared name follows these. */
const NAMING = new Set([token.Let, token.Const, token.Data, token.Param, token.Fn]);

export function createFindings({ tokens, text, diagnostics: known, damage }: Damage): Findings {
  const diagnostics = [...known];
  /** Offsets of the tokens that are wrong, and of those before which something is. */
  const wrongTokens = new Set<number>();
  const wrongPlaces = new Set<number>();
  const lostNames = new Set<string>();
  const lines = indexLines(text);
  const wrongLines = new Set<number>();
  const damageStarts = damage.map(({ start }) => start);
  const tokenStarts = tokens.map(({ startOffset }) => startOffset);

  const isExcused = ({ previous, found }: Place): boolean => {
    const from = previous === undefined ? 0 : spanOf(previous).end;
    const to = found?.startOffset ?? text.length;
    if (wrongPlaces.has(to) || (previous !== undefined && wrongTokens.has(previous.startOffset))) return true;
    const last = damage[lowerBound(damageStarts, to + 1) - 1];
    return last !== undefined && last.end >= from;
  };
  const note = ({ code, span, related }: Diagnostic): void => {
    wrongPlaces.add(span.start);
    if (span.end > span.start) wrongTokens.add(span.start);
    if (code < FIRST_OF_STRUCTURE) return;
    // What lets a bracket that is not closed be noticed is itself in order.
    const places = code === UNCLOSED ? [] : [span];
    for (const { start } of [...places, ...related.map((label) => label.span)]) wrongLines.add(lineOf(lines, start));
  };
  known.forEach(note);
  const add = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
    note(diagnostic);
  };
  const addAt: Findings['addAt'] = (place, make) => {
    if (isExcused(place)) return;
    add(make(place));
    wrongPlaces.add(place.found?.startOffset ?? text.length);
  };
  const placeBetween = (previous: IToken | undefined, found: IToken | undefined): Place => {
    const end = previous === undefined ? 0 : spanOf(previous).end;
    const showsFound = found !== undefined && !isFirstOnLine(found, previous, text);
    return { previous, found, span: showsFound ? spanOf(found) : { start: end, end }, showsFound };
  };

  const placeAt = (offset: number): Place => {
    const index = lowerBound(tokenStarts, offset);
    return placeBetween(tokens[index - 1], tokens[index]);
  };

  return {
    add,
    addAt,
    addIfFirstOnLine(place, make) {
      if (!wrongLines.has(lineOf(lines, place.span.start))) addAt(place, make);
    },
    placeAt,
    placeOn(offset, span) {
      const place = placeAt(offset);
      return { ...place, span: span ?? (place.found === undefined ? place.span : spanOf(place.found)) };
    },
    anyWithin({ start, end }) {
      for (let index = lowerBound(tokenStarts, start); (tokenStarts[index] ?? end) < end; index += 1) {
        const found = tokens[index];
        if (found === undefined) break;
        if (wrongPlaces.has(found.startOffset) || wrongPlaces.has(spanOf(found).end)) return true;
      }
      return false;
    },
    lose({ start, end }) {
      for (let index = lowerBound(tokenStarts, start); (tokenStarts[index] ?? end) < end; index += 1) {
        const found = tokens[index];
        const before = tokens[index - 1]?.tokenType;
        if (found === undefined) break;
        const isNew = found.tokenType === token.Identifier && before !== undefined && NAMING.has(before);
        if (isNew || found.tokenType === token.LeadingName) lostNames.add(found.image.normalize('NFC'));
      }
    },
    diagnostics: () => diagnostics.toSorted((a, b) => a.span.start - b.span.start),
    lostNames: () => [...lostNames],
  };
}

/** The first index whose number is not below `value`, in ascending numbers. */
function lowerBound(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
