/** Tokens as documents, each with its comments. */
import type { IToken } from 'chevrotain';
import { first } from '../cst-access.js';
import { spanOf } from '../token-access.js';
import { blank, concat, nothing, softline, text, type Doc } from './doc.js';
import type { Comments, LeadingComment } from './comments.js';

export interface Words {
  /** The first of the tokens with all of its comments; nothing where there is none. */
  readonly word: (tokens: readonly IToken[] | undefined) => Doc;
  /** The same for a bracket that closes, without the comments before it, which belong to what is in the brackets. */
  readonly closer: (tokens: readonly IToken[] | undefined) => Doc;
  /** The comments before a bracket that closes. */
  readonly beforeCloser: (tokens: readonly IToken[] | undefined) => readonly Doc[];
  /** The comments at the end of the file. */
  readonly atEnd: readonly Doc[];
  /** Whether anything follows on the line of the token. */
  readonly isFollowedOnLine: (tokens: readonly IToken[] | undefined) => boolean;
}

export function createWords(comments: Comments, source: string): Words {
  const closer = (found: IToken): Doc => {
    const { trailing } = comments.of(found);
    return concat(text(found.image), trailing === undefined ? nothing : { kind: 'trailingComment', text: trailing });
  };
  const word = (found: IToken): Doc => {
    const { leading, isAfterBlank } = comments.of(found);
    return concat(...leading.map(asDoc), isAfterBlank ? blank : nothing, closer(found));
  };
  const ofFirst =
    (render: (found: IToken) => Doc) =>
    (tokens: readonly IToken[] | undefined): Doc => {
      const found = first(tokens);
      return found === undefined ? nothing : render(found);
    };
  return {
    word: ofFirst(word),
    closer: ofFirst(closer),
    beforeCloser: (tokens) => {
      const found = first(tokens);
      return found === undefined ? [] : comments.of(found).leading.map(asDoc);
    },
    atEnd: comments.atEnd.map(asDoc),
    isFollowedOnLine: (tokens) => {
      const found = first(tokens);
      if (found === undefined) return false;
      const onLine = /[^\S\r\n]*\S/y;
      onLine.lastIndex = spanOf(found).end;
      return onLine.test(source);
    },
  };
}

function asDoc(comment: LeadingComment): Doc {
  return { kind: 'comment', ...comment };
}

/** Comments each on a line of its own, below what stands before them. */
export function below(comments: readonly Doc[]): Doc {
  return concat(...comments.flatMap((comment) => [softline, comment]));
}
