import { expect, test } from 'vitest';
import { crc32 } from '../src/crc32.js';

test.each([
  ['', 0],
  ['a', 0xe8b7be43],
  ['abc', 0x352441c2],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ['\0'.repeat(32), 0x190a55ad],
])('of %j', (text, expected) => {
  expect(crc32(new TextEncoder().encode(text))).toBe(expected);
});
