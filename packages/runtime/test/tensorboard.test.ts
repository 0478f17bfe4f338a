import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventFile, listEventFiles } from '../src/node/event-file.js';
import { crc32c, encodeEvent, encodeRecord, encodeValue, type SummaryValue } from '../src/tensorboard/index.js';
import { bytesAt, messageAt, readEventFile, readFields, readRecords, slowCrc32c, textAt } from './event-reader.js';

const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);

describe('crc32c', () => {
  // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 … 31', ascending, 0x46dd794e],
    ['31 … 0', ascending.toReversed(), 0x113fdb5c],
    ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(), 0],
  ])('of %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
    expect(slowCrc32c(bytes)).toBe(expected);
  });
});

describe('records', () => {
  it('begin as all event files do', () => {
    const record = encodeRecord(encodeEvent({ kind: 'version' }, 1.5));
    // The length, 24, with the checksum that the first bytes of every TensorFlow event file have.
    expect([...record.subarray(0, 12)]).toEqual([24, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22]);
    const [event = new Uint8Array()] = readRecords(record);
    expect(textAt(readFields(event), 3)).toBe('brain.Event:2');
  });

  it('are refused by the reader where a byte is another', () => {
    const record = encodeRecord(ascending);
    for (const at of [0, 9, 20, 46]) {
      const damaged = record.with(at, (record[at] ?? 0) ^ 1);
      expect(() => readRecords(damaged)).toThrow(at === 0 ? /./ : 'a checksum is wrong');
    }
    expect(readRecords(record)).toEqual([ascending]);
  });
});

describe('an image', () => {
  it('is a vector of three texts, for the plugin of images', () => {
    const about = { title: 'draws', description: 'from the prior' };
    const values: readonly SummaryValue[] = [{ kind: 'image', tag: 'x', png: ascending, width: 38, height: 20, about }];
    const summary = messageAt(
      readFields(encodeEvent({ kind: 'summary', step: 7, values: values.map(encodeValue) }, 0)),
      5,
      1,
    );
    const tensor = messageAt(summary, 8);
    expect(tensor.get(1)).toEqual([7n]);
    expect(messageAt(tensor, 2, 2).get(1)).toEqual([3n]);
    const [width, height, png] = tensor.get(8) ?? [];
    expect([width, height].map((text) => new TextDecoder().decode(text as Uint8Array))).toEqual(['38', '20']);
    expect(png).toEqual(ascending);
    const metadata = messageAt(summary, 9);
    expect(textAt(messageAt(metadata, 1), 1)).toBe('images');
    expect([textAt(metadata, 2), textAt(metadata, 3), metadata.get(4)]).toEqual(['draws', 'from the prior', [3n]]);
  });
});

describe('EventFile', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sbn-events-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const about = { title: 'loss', description: 'nats' };
  const point = (tag: string, value: number): SummaryValue => ({ kind: 'scalar', tag, value, about });

  it('appends points, and describes a tag once', () => {
    let time = 1000;
    const file = new EventFile(folder, { startStep: 0, clock: () => (time += 0.5) });
    file.write(10, [point('loss/train', 4.25), point('variance/h[1]', 0.5)]);
    file.write(11, [point('loss/train', 3.5)]);
    const [name = ''] = listEventFiles(folder);
    const before = readFileSync(join(folder, name));
    file.write(2 ** 40, [point('loss/train', -Infinity), point('rate', 1e300)]);
    file.close();
    const after = readFileSync(join(folder, name));
    expect(after.subarray(0, before.length)).toEqual(before);
    expect(readEventFile(after)).toEqual({
      version: 'brain.Event:2',
      start: 1,
      wallTimes: [1001, 1001.5, 1002, 1002.5, 1003],
      points: [
        { step: 10, tag: 'loss/train', value: 4.25 },
        { step: 10, tag: 'variance/h[1]', value: 0.5 },
        { step: 11, tag: 'loss/train', value: 3.5 },
        { step: 2 ** 40, tag: 'loss/train', value: -Infinity },
        { step: 2 ** 40, tag: 'rate', value: Infinity },
      ],
    });
    const [, , first = new Uint8Array(), second = new Uint8Array()] = readRecords(after);
    const metadata = messageAt(readFields(first), 5, 1, 9);
    expect([textAt(messageAt(metadata, 1), 1), textAt(metadata, 2), metadata.get(4)]).toEqual([
      'scalars',
      'loss',
      [1n],
    ]);
    expect(messageAt(readFields(second), 5, 1).has(9)).toBe(false);
    // A scalar has a shape, and no axis in it.
    expect(bytesAt(messageAt(readFields(second), 5, 1, 8), 2)).toHaveLength(0);
  });

  it('of a run that goes on is a new one, after all others, and voids their later points', () => {
    writeFileSync(join(folder, 'metrics.csv'), '');
    new EventFile(folder, { startStep: 0, clock: () => 50 }).close();
    const resumed = new EventFile(folder, { startStep: 20, clock: () => 50 });
    resumed.write(21, [point('loss/train', 3)]);
    resumed.close();
    const names = listEventFiles(folder);
    expect(names).toEqual(['events.out.tfevents.0000000050.sbn', 'events.out.tfevents.0000000051.sbn']);
    const log = readEventFile(readFileSync(join(folder, names[1] ?? '')));
    expect([log.start, log.points]).toEqual([21, [{ step: 21, tag: 'loss/train', value: 3 }]]);
  });
});
