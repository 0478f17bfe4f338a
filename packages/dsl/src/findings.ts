/**
 * The diagnostics of one text while it is parsed, and the places they are about. One mistake is one diagnostic: nothing
 * is said twice of the same place, and what is wrong next to a damaged place is a consequence of the damage. What is wrong
 * after `MOST_MISTAKES` is not noted.
 */
import type { IToken } from 'chevrotain';
import type { Diagnostic } from './diagnostic.js';
import { MOST_MISTAKES } from './limit-diagnostics.js';
import { lineOf, lowerBound, type LineIndex } from './positions.js';
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
  /** Whether so much is wrong that nothing further is noted. */
  readonly isFull: () => boolean;
  readonly diagnostics: () => readonly Diagnostic[];
  readonly lostNames: () => readonly string[];
}

/** Mistakes with lower codes are in single words, and leave the rest of the line intact. */
const FIRST_OF_STRUCTURE = 'SBN1020';
const UNCLOSED = 'SBN1020';

export interface Damage {
  readonly tokens: readonly IToken[];
  readonly lines: LineIndex;
  /** What is reported so far. */
  readonly diagnostics: readonly Diagnostic[];
  /** Ascending, not overlapping. */
  readonly damage: readonly Span[];
}

/** A declared name follows these. */
const NAMING = new Set([token.Let, token.Const, token.Data, token.Param, token.Fn]);

export function createFindings({ tokens, lines, diagnostics: known, damage }: Damage): Findings {
  const { text } = lines;
  const diagnostics = [...known];
  /** Offsets of the tokens that are wrong, and of those before which something is: a mark at each offset of the text. */
  const wrongTokens = new Uint8Array(text.length + 1);
  const wrongPlaces = new Uint8Array(text.length + 1);
  /** Pieces of the text with a wrong place in them. */
  const wrongPieces = new Uint8Array(pieceOf(text.length) + 1);
  const lostNames = new Set<string>();
  /** For the first token of a part that is lost, how many tokens there are up to its end. */
  const lostUpTo = new Map<number, number>();
  const wrongLines = new Set<number>();
  const damageStarts = damage.map(({ start }) => start);
  const tokenStarts = tokens.map(({ startOffset }) => startOffset);

  const isExcused = ({ previous, found }: Place): boolean => {
    const from = previous === undefined ? 0 : spanOf(previous).end;
    const to = found?.startOffset ?? text.length;
    if (wrongPlaces[to] === 1 || (previous !== undefined && wrongTokens[previous.startOffset] === 1)) return true;
    const last = damage[lowerBound(damageStarts, to + 1) - 1];
    return last !== undefined && last.end >= from;
  };
  const markPlace = (offset: number): void => {
    wrongPlaces[offset] = 1;
    wrongPieces[pieceOf(offset)] = 1;
  };
  const note = ({ code, span, related }: Diagnostic): void => {
    markPlace(span.start);
    if (span.end > span.start) wrongTokens[span.start] = 1;
    if (code < FIRST_OF_STRUCTURE) return;
    // What lets a bracket that is not closed be noticed is itself in order.
    const places = code === UNCLOSED ? [] : [span];
    for (const { start } of [...places, ...related.map((label) => label.span)]) wrongLines.add(lineOf(lines, start));
  };
  known.forEach(note);
  const isFull = (): boolean => diagnostics.length >= MOST_MISTAKES;
  const add = (diagnostic: Diagnostic): void => {
    if (isFull()) return;
    diagnostics.push(diagnostic);
    note(diagnostic);
  };
  const addAt: Findings['addAt'] = (place, make) => {
    if (isFull() || isExcused(place)) return;
    add(make(place));
    markPlace(place.found?.startOffset ?? text.length);
  };
  const placeBetween = (previous: IToken | undefined, found: IToken | undefined): Place => {
    const end = previous === undefined ? 0 : spanOf(previous).end;
    const showsFound = found !== undefined && !isFirstOnLine(found, previous, lines);
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
      if (!isFull() && !wrongLines.has(lineOf(lines, place.span.start))) addAt(place, make);
    },
    placeAt,
    placeOn(offset, span) {
      const place = placeAt(offset);
      return { ...place, span: span ?? (place.found === undefined ? place.span : spanOf(place.found)) };
    },
    anyWithin({ start, end }) {
      for (let index = lowerBound(tokenStarts, start); (tokenStarts[index] ?? end) < end;) {
        const piece = pieceOf(tokenStarts[index] ?? end);
        // Spans within one another share what is in them, so a piece that is in order is not gone through each time.
        const next = wrongPieces[piece] === 1 ? index + 1 : lowerBound(tokenStarts, (piece + 1) * PIECE);
        const last = tokens[next - 1];
        if (wrongPlaces[tokenStarts[index] ?? end] === 1) return true;
        if (last !== undefined && last.startOffset < end && wrongPlaces[spanOf(last).end] === 1) return true;
        index = next;
      }
      return false;
    },
    lose({ start, end }) {
      const from = lowerBound(tokenStarts, start);
      let index = from;
      for (; (tokenStarts[index] ?? end) < end; index = Math.max(index + 1, lostUpTo.get(index) ?? 0)) {
        const found = tokens[index];
        const before = tokens[index - 1]?.tokenType;
        if (found === undefined) break;
        const isNew = found.tokenType === token.Identifier && before !== undefined && NAMING.has(before);
        if (isNew || found.tokenType === token.LeadingName) lostNames.add(found.image.normalize('NFC'));
      }
      lostUpTo.set(from, Math.max(index, lostUpTo.get(from) ?? 0));
    },
    isFull,
    diagnostics: () => diagnostics.toSorted((a, b) => a.span.start - b.span.start),
    lostNames: () => [...lostNames],
  };
}

/** How many offsets make a piece of the text. */
const PIECE = 512;

function pieceOf(offset: number): number {
  return Math.floor(offset / PIECE);
}
