import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describePlace, indexLines, lineRange, locate, positionAt } from '../src/index.js';

const at = (text: string, offset: number): string => {
  const { line, column } = locate({ name: 'a.sbn', text }, offset);
  return `${line}:${column}`;
};

describe('positions', () => {
  it.each([
    ['LF', 'ab\ncd', 3, '2:1'],
    ['CRLF', 'ab\r\ncd', 5, '2:2'],
    ['a lone CR', 'ab\rcd', 4, '2:2'],
    ['a blank line', 'a\n\nb', 2, '2:1'],
    ['the end of the text', 'a\nbc', 4, '2:3'],
    ['the end after a line end', 'a\n', 2, '2:1'],
    ['the empty text', '', 0, '1:1'],
    ['before the text', 'abc', -3, '1:1'],
    ['after the text', 'abc', 99, '1:4'],
    ['on the LF of a CRLF', 'ab\r\nc', 3, '1:3'],
    ['a tab counts one', '\t\tx', 2, '1:3'],
    ['a letter outside the BMP counts one', '𝒙y', 2, '1:2'],
    ['between the halves of a letter', '𝒙y', 1, '1:1'],
    ['a combining mark counts one', 'e\u0301x', 2, '1:3'],
    ['a byte order mark counts nothing', '\ufeffab', 1, '1:1'],
    ['a byte order mark, a letter later', '\ufeffab', 2, '1:2'],
  ])('%s', (_, text, offset, expected) => {
    expect(at(text, offset)).toBe(expected);
  });

  it('writes a place', () => {
    expect(describePlace({ name: 'models/a.sbn', text: 'x\n y' }, 3)).toBe('models/a.sbn:2:2');
  });

  const texts = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '\t', 'é', '𝒙', '語', '\ufeff') });

  it('agree with counting by hand, at every code point of any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lines = indexLines(text);
        let line = 1;
        let column = 1;
        let offset = 0;
        for (const character of text) {
          const ended = character === '\n' && text[offset - 1] === '\r';
          if (!ended) expect(positionAt(lines, offset)).toEqual({ line, column });
          const ends = character === '\n' || (character === '\r' && text[offset + 1] !== '\n');
          if (ends) line += 1;
          column = ends ? 1 : column + (offset === 0 && character === '\ufeff' ? 0 : 1);
          offset += character.length;
        }
        expect(positionAt(lines, text.length)).toEqual({ line, column });
      }),
    );
  });

  it('give lines that, with their ends, make up the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lines = indexLines(text);
        const parts = lines.starts.map((_, index) => {
          const { start, end } = lineRange(lines, index + 1);
          return text.slice(start, end);
        });
        expect(parts).toEqual(text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/));
      }),
    );
  });
});
