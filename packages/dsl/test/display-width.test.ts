import { describe, expect, it } from 'vitest';
import { displayText, displayWidth } from '../src/index.js';

describe('the width of text in a terminal', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['größe', 5],
    ['μσ', 2],
    ['\t', 4],
    ['a\tb', 6],
    ['漢字', 4],
    ['ひらがな', 8],
    ['カタカナ', 8],
    ['한글', 4],
    ['ﾊﾝｶｸ', 4],
    ['（）', 4],
    ['。、', 4],
    ['e\u0301', 1],
    ['🙂', 2],
    ['𝒙', 1],
    ['\u0000', 1],
    ['…─│', 3],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('text as it is shown', () => {
  it.each([
    ['a\tb', 'a    b'],
    ['\u001b[0m', '␛[0m'],
    ['\u007f', '␡'],
    ['\u009b', '�'],
    ['\ud800', '�'],
    ['\u200b', '�'],
    ['a\u2066b', 'a�b'],
    ['größe 🙂', 'größe 🙂'],
  ])('%j becomes %j', (text, shown) => {
    expect(displayText(text)).toBe(shown);
  });
});
