import { describe, expect, it } from 'vitest';
import { drawGrid, drawImage, imageSizeOf } from '../src/picture.js';

describe('imageSizeOf', () => {
  it.each([
    [[16], { height: 4, width: 4 }],
    [[784], { height: 28, width: 28 }],
    [[14, 28], { height: 14, width: 28 }],
    [[28, 28, 1], { height: 28, width: 28 }],
    [[392], undefined],
    [[1], undefined],
    [[], undefined],
    [[8, 8, 3], undefined],
    [[2, 2, 1, 1], undefined],
  ])('%j', (shape, size) => {
    expect(imageSizeOf(shape)).toEqual(size);
  });
});

describe('drawImage', () => {
  it('puts two pixels into a character', () => {
    const stripes = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0];
    expect(drawImage(stripes, { height: 4, width: 4 })).toEqual(['┌────┐', '│█ █ │', '│█ █ │', '└────┘']);
    const bars = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
    expect(drawImage(bars, { height: 4, width: 4 })).toEqual(['┌────┐', '│▀▀▀▀│', '│▄▄▄▄│', '└────┘']);
  });

  it('leaves the missing half of an odd height dark', () => {
    expect(drawImage([1, 1, 1, 1, 1, 1, 1, 1, 1], { height: 3, width: 3 })).toEqual([
      '┌───┐',
      '│███│',
      '│▀▀▀│',
      '└───┘',
    ]);
  });
});

describe('drawGrid', () => {
  const images = Array.from({ length: 5 }, () => [1, 1, 1, 1]);
  const size = { height: 2, width: 2 };

  it('draws as many side by side as fit', () => {
    // Each takes four characters, and a space between two.
    expect(drawGrid(images, size, 14)).toBe(
      '┌──┐ ┌──┐ ┌──┐\n│██│ │██│ │██│\n└──┘ └──┘ └──┘\n┌──┐ ┌──┐\n│██│ │██│\n└──┘ └──┘\n',
    );
    expect(drawGrid(images, size, 13).split('\n')[0]).toBe('┌──┐ ┌──┐');
  });

  it('draws one where even one is too wide', () => {
    expect(drawGrid(images, size, 2).split('\n')[0]).toBe('┌──┐');
  });
});
