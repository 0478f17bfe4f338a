import { describe, expect, it } from 'vitest';
import { formatSource, isGenerator, parseSource } from '../../src/data/source-spec.js';
import { DataError } from '../../src/errors.js';

describe('parseSource', () => {
  it.each([
    [
      'train-images.gz,binarize=threshold,threshold=100,slice=top',
      { name: 'train-images.gz', options: { binarize: 'threshold', threshold: '100', slice: 'top' } },
    ],
    ['glyphs,rows=2000,binarize=bernoulli', { name: 'glyphs', options: { rows: '2000', binarize: 'bernoulli' } }],
    ['glyphs,labels', { name: 'glyphs', options: { labels: 'true' } }],
    ['bars', { name: 'bars', options: {} }],
    ['a\\,b.gz,scale', { name: 'a,b.gz', options: { scale: 'true' } }],
    ['/data/x.idx, rows = 10:20', { name: '/data/x.idx', options: { rows: '10:20' } }],
  ])('reads %s', (text, spec) => {
    expect(parseSource(text)).toEqual(spec);
    expect(parseSource(formatSource(spec))).toEqual(spec);
  });

  it.each([
    ['bars,size=4', 'bars: there is no option size; options: n, binarize, threshold, scale, slice'],
    ['glyphs,row=10', 'glyphs: there is no option row; did you mean rows? options: rows, seed, labels'],
    ['images.gz,binarise=threshold', 'images.gz: there is no option binarise; did you mean binarize?'],
    ['images.gz,n=4', 'images.gz: there is no option n; options: rows, from, stream, buffer, binarize'],
    ['bars,n=4,n=5', 'bars: option n is given twice'],
    ['bars,,n=4', 'bars: an option has no name; write option=value, and one comma between two'],
    ['', 'a source starts with a path or a generator'],
    [',n=4', 'a source starts with a path or a generator'],
  ])('refuses %j', (text, message) => {
    expect(() => parseSource(text)).toThrow(DataError);
    expect(() => parseSource(text)).toThrow(message);
  });

  it('knows generators from paths', () => {
    expect(isGenerator(parseSource('bars,n=3'))).toBe(true);
    expect(isGenerator(parseSource('./bars'))).toBe(false);
    expect(isGenerator({ name: 'toString', options: {} })).toBe(false);
  });
});
