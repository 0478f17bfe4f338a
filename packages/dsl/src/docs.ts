/** `///` comments: which declaration, site or `let` each of them documents. */
import type { IToken } from 'chevrotain';
import { syntaxCatalogue } from './catalogue.js';
import type { Diagnostic } from './diagnostic.js';
import { lineOf, lineRange, lowerBound, type LineIndex } from './positions.js';
import type { Span } from './span.js';
import { spanOf } from './token-access.js';

export interface Docs {
  /** The text of the comment that opens the file. */
  readonly ofModule: string | undefined;
  /** The text of the comment right before what begins at an offset. Ask for everything that can be documented. */
  readonly claim: (start: number) => string | undefined;
  /** Says nothing of the comments in a part of the text that could not be read. */
  readonly forgive: (span: Span) => void;
  /** Warnings about the comments that nothing has claimed. */
  readonly unclaimed: () => readonly Diagnostic[];
}

/** Lines of `///` right below one another. */
interface DocBlock {
  readonly text: string;
  readonly span: Span;
  /** Where what follows begins; nothing where the comment ends a line of something else, or the file. */
  readonly next: number | undefined;
  /** Whether nothing but comments comes before it. */
  readonly opens: boolean;
}

/** A block that opens the file speaks of the model as a whole; what follows it has its own after a blank line. */
export function collectDocs(comments: readonly IToken[], tokens: readonly IToken[], lines: LineIndex): Docs {
  const blocks = groupIntoBlocks(comments, tokens, lines);
  const [opening, ...others] = blocks;
  const ofModule = opening?.opens === true ? opening : undefined;
  const pending = new Set(ofModule === undefined ? blocks : others);
  // Of several blocks before the same place, the nearest counts.
  const byNext = new Map([...pending].map((block) => [block.next, block]));
  const claimable = [...pending].filter(({ next }) => next !== undefined);
  const nexts = claimable.map(({ next }) => next ?? NaN);
  return {
    ofModule: ofModule?.text,
    claim(start) {
      const block = byNext.get(start);
      if (block !== undefined) pending.delete(block);
      return block?.text;
    },
    forgive({ start, end }) {
      for (let index = lowerBound(nexts, start); (nexts[index] ?? end) < end; index += 1) {
        const block = claimable[index];
        if (block !== undefined) pending.delete(block);
      }
    },
    unclaimed: () => [...pending].map(({ span }) => syntaxCatalogue.report('SBN1010', {}, span)),
  };
}

function groupIntoBlocks(
  comments: readonly IToken[],
  tokens: readonly IToken[],
  lines: LineIndex,
): readonly DocBlock[] {
  const blocks: DocBlock[] = [];
  let nextToken = 0;
  for (let index = 0; index < comments.length;) {
    const block: IToken[] = [];
    for (let comment = comments[index]; comment !== undefined; comment = comments[index]) {
      const above = block.at(-1);
      // The text between two comments holds whatever stands between them, so a token or a blank line parts them.
      if (above !== undefined && !/^(?:\r\n|\r|\n)[^\S\r\n]*$/.test(between(above, comment, lines))) break;
      block.push(comment);
      index += 1;
      if (endsLine(comment, lines)) break;
    }
    const [first] = block;
    const last = block.at(-1);
    if (first === undefined || last === undefined) break;
    while ((tokens[nextToken]?.startOffset ?? Infinity) < last.startOffset) nextToken += 1;
    blocks.push({
      text: block.map(({ image }) => image.replace(/^\/\/\/ ?/, '').trimEnd()).join('\n'),
      span: { start: first.startOffset, end: spanOf(last).end },
      next: endsLine(first, lines) ? undefined : tokens[nextToken]?.startOffset,
      opens: nextToken === 0,
    });
  }
  return blocks;
}

function between(before: IToken, after: IToken, lines: LineIndex): string {
  return lines.text.slice(spanOf(before).end, after.startOffset);
}

/** Whether something stands before a comment on its line. */
function endsLine(comment: IToken, lines: LineIndex): boolean {
  const { start } = lineRange(lines, lineOf(lines, comment.startOffset));
  return lines.text.slice(start, comment.startOffset).trim() !== '';
}
