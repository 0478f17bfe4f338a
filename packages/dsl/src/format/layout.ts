/** Chooses where lines break, and prints them. */
import { displayWidth } from '../display-width.js';
import type { Doc } from './doc.js';
import { INDENTATION, Page } from './page.js';

interface Command {
  readonly doc: Doc;
  readonly indentation: number;
  readonly isFlat: boolean;
}

/** The text of a document, `width` columns wide where that can be done; it ends with a line break unless it is empty. */
export function layOut(document: Doc, width: number): string {
  const page = new Page();
  const commands: Command[] = [{ doc: document, indentation: 0, isFlat: false }];
  for (let command = commands.pop(); command !== undefined; command = commands.pop()) {
    const { doc, indentation, isFlat } = command;
    switch (doc.kind) {
      case 'text':
        page.write(doc.text);
        break;
      case 'space':
        page.space();
        break;
      case 'line':
        if (!isFlat || page.mustBreak()) page.breakLine(indentation);
        else if (doc.flat === ' ') page.space();
        break;
      case 'hardline':
        page.breakLine(indentation);
        page.beginPart();
        break;
      case 'blank':
        page.blank();
        break;
      case 'comment':
        page.writeComment(doc.text, doc.isAfterBlank, indentation);
        break;
      case 'trailingComment':
        page.writeTrailingComment(doc.text, indentation);
        break;
      case 'concat':
        for (const part of doc.parts.toReversed()) commands.push({ ...command, doc: part });
        break;
      case 'indent':
        commands.push({ ...command, doc: doc.content, indentation: indentation + INDENTATION });
        break;
      case 'group': {
        const flat = { doc: doc.content, indentation, isFlat: true };
        const isOnOneLine = isFlat || fits(flat, commands, width - page.column());
        commands.push({ ...flat, isFlat: isOnOneLine });
        break;
      }
    }
  }
  return page.end();
}

/** Whether `first`, printed flat, and what must follow it on its line take no more than `room` columns. */
function fits(first: Command, rest: readonly Command[], room: number): boolean {
  const stack: Command[] = [first];
  let next = rest.length;
  let left = room;
  let isRest = false;
  let hasText = false;
  /** A comment has ended the line, so that nothing may come but the end of the group. */
  let hasEnded = false;
  while (left >= 0) {
    let command = stack.pop();
    if (command === undefined) {
      isRest = true;
      if (hasEnded) return true;
      next -= 1;
      command = rest[next];
    }
    if (command === undefined) return true;
    const { doc, isFlat } = command;
    switch (doc.kind) {
      case 'text':
        if (hasEnded) return false;
        hasText = true;
        left -= displayWidth(doc.text);
        break;
      case 'space':
        left -= 1;
        break;
      case 'line':
        if (!isFlat) return true;
        left -= doc.flat.length;
        break;
      case 'hardline':
        return isRest;
      case 'blank':
        break;
      case 'comment':
        if (isRest) return true;
        // Above the group it changes nothing.
        if (hasText) return false;
        break;
      case 'trailingComment':
        if (isRest) return true;
        hasEnded = true;
        break;
      case 'concat':
        for (const part of doc.parts.toReversed()) stack.push({ ...command, doc: part });
        break;
      case 'indent':
      case 'group':
        stack.push({ ...command, doc: doc.content });
        break;
    }
  }
  return false;
}
