/** Which comments belong to which token: those before it on lines of their own, and the one after it on its line. */
import type { IToken } from 'chevrotain';
import { spanOf } from '../token-access.js';
import * as token from '../tokens.js';

export interface LeadingComment {
  readonly text: string;
  /** Whether a line before it is empty; not asked where a bracket opens. */
  readonly isAfterBlank: boolean;
}

export interface TokenComments {
  readonly leading: readonly LeadingComment[];
  readonly trailing: string | undefined;
  /** Whether the line before the token, or before its first comment, is empty; not asked where a bracket opens. */
  readonly isAfterBlank: boolean;
}

export interface Comments {
  /** Those of a token of the text. */
  of(found: IToken): TokenComments;
  /** After all tokens. */
  readonly atEnd: readonly LeadingComment[];
}

const OPENING = new Set([token.LeftParen, token.LeftBracket, token.LeftBrace]);

/** Requires tokens and comments in the order of the text. */
export function attachComments(tokens: readonly IToken[], comments: readonly IToken[], text: string): Comments {
  const byStart = new Map<number, TokenComments>();
  let nextComment = 0;
  let previous: IToken | undefined;
  let pending: LeadingComment[] = [];
  /** Where the last token or comment ends. */
  let end = 0;
  const take = (before: number): void => {
    for (let comment = comments[nextComment]; comment !== undefined; comment = comments[nextComment]) {
      if (comment.startOffset >= before) return;
      const between = text.slice(end, comment.startOffset);
      const image = comment.image.trimEnd();
      const above = previous === undefined ? undefined : byStart.get(previous.startOffset);
      if (previous !== undefined && above !== undefined && pending.length === 0 && !/[\r\n]/.test(between)) {
        byStart.set(previous.startOffset, { ...above, trailing: image });
      } else {
        const isInside = pending.length > 0 || !opens(previous);
        pending.push({ text: image, isAfterBlank: isInside && hasEmptyLine(between) });
      }
      end = spanOf(comment).end;
      nextComment += 1;
    }
  };
  for (const found of tokens) {
    take(found.startOffset);
    const isInside = pending.length > 0 || !opens(previous);
    const isAfterBlank = isInside && hasEmptyLine(text.slice(end, found.startOffset));
    byStart.set(found.startOffset, { leading: pending, trailing: undefined, isAfterBlank });
    pending = [];
    previous = found;
    end = spanOf(found).end;
  }
  take(Infinity);
  putAfterCommas(tokens, byStart);
  return {
    of: ({ startOffset }) => byStart.get(startOffset) ?? { leading: [], trailing: undefined, isAfterBlank: false },
    atEnd: pending,
  };
}

/** A comment on what a comma follows stands after the comma. */
function putAfterCommas(tokens: readonly IToken[], byStart: Map<number, TokenComments>): void {
  for (const [index, { tokenType, startOffset }] of tokens.entries()) {
    const before = tokens[index - 1]?.startOffset;
    if (tokenType !== token.Comma || before === undefined) continue;
    const [item, comma] = [byStart.get(before), byStart.get(startOffset)];
    if (item?.trailing === undefined || comma?.trailing !== undefined || comma?.leading.length !== 0) continue;
    byStart.set(before, { ...item, trailing: undefined });
    byStart.set(startOffset, { ...comma, trailing: item.trailing });
  }
}

/** Whether what follows stands at the beginning of the file or of something in brackets. */
function opens(previous: IToken | undefined): boolean {
  return previous === undefined || OPENING.has(previous.tokenType);
}

function hasEmptyLine(between: string): boolean {
  return between
    .split(/\r\n|\r|\n/)
    .slice(1, -1)
    .some((inner) => inner.trim() === '');
}
