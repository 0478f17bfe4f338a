import { describe, expect, it } from 'vitest';
import { csvRow } from '../src/metrics.js';
import { encodeNpy } from '../src/npy.js';
import { formatCount, formatDuration, formatEstimate, formatNumber } from '../src/numbers.js';
import { renderTable, widestLine } from '../src/table.js';

describe('encodeNpy', () => {
  it('writes a header that ends at a multiple of 64, and little-endian float32', () => {
    const bytes = encodeNpy([1, 0.5, -2, 0, 3, 4], [2, 3]);
    const view = new DataView(bytes.buffer);
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    const start = 10 + view.getUint16(8, true);
    expect(start % 64).toBe(0);
    const header = new TextDecoder().decode(bytes.subarray(10, start));
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
    expect(header.endsWith('\n')).toBe(true);
    expect([0, 1, 2, 3, 4, 5].map((index) => view.getFloat32(start + 4 * index, true))).toEqual([1, 0.5, -2, 0, 3, 4]);
    expect(bytes.length).toBe(start + 24);
  });

  it('writes a tuple of one with its comma', () => {
    expect(new TextDecoder('latin1').decode(encodeNpy([7], [1]))).toContain("'shape': (1,), }");
  });
});

describe('csvRow', () => {
  it('quotes what has a comma, a quote or a line break', () => {
    expect(csvRow(['h[1, 2]', 'a"b', 'c\nd', 1.5, undefined, 'e'])).toBe('"h[1, 2]","a""b","c\nd",1.5,,e\n');
  });
});

describe('numbers', () => {
  it.each([
    [124.2345, '124.23'],
    [3.71286, '3.7129'],
    [0.043125, '0.0431'],
    [0, '0.0000'],
    [-12345.678, '-12346'],
    [1e-7, '1.000e-7'],
    [3e9, '3.000e+9'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('formats %d', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('formats an estimate to the digits that its error leaves', () => {
    expect(formatEstimate({ mean: -124.23456, standardError: 0.2345 }, -1)).toBe('124.23 ± 0.23');
    expect(formatEstimate({ mean: 3.712345, standardError: 0.00123 }, 1)).toBe('3.7123 ± 0.0012');
    expect(formatEstimate({ mean: 1234.5, standardError: 45.6 }, 1)).toBe('1235 ± 46');
    expect(formatEstimate({ mean: 2, standardError: NaN }, 1)).toBe('2.0000');
    expect(formatEstimate({ mean: 3.25e30, standardError: 4e29 }, 1)).toBe('3.250e+30 ± 4.000e+29');
  });

  it('formats counts and durations', () => {
    expect(formatCount(1234567.4)).toBe('1,234,567');
    expect([7.4, 59.6, 754, 3723].map(formatDuration)).toEqual(['0:07', '1:00', '12:34', '1:02:03']);
  });
});

describe('renderTable', () => {
  it('aligns columns, colored or not, and ends lines without blanks', () => {
    const table = renderTable([
      ['site', 'shape', ''],
      ['\u001b[1mh\u001b[22m', '[200]', 'x'],
      ['wide site', 'σ', ''],
    ]);
    expect(table).toBe('site       shape\n\u001b[1mh\u001b[22m          [200]  x\nwide site  σ\n');
    expect(widestLine(table)).toBe('h          [200]  x'.length);
  });
});
