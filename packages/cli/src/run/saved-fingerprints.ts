/** What the data of a run are known by again, in `config.json`, and what has changed where they are not the same. */
import type { DataFingerprint, FilesFingerprint } from '@sbn/runtime';
import type { UserError } from '../exit.js';
import { formatCount } from '../numbers.js';
import { isRecord } from '../json-record.js';
import type { Change } from './changes.js';

type ByName = Readonly<Record<string, DataFingerprint>>;

/** By data name, of what is trained on and of what is measured on. */
export interface SavedFingerprints {
  readonly data: ByName;
  readonly valid: ByName;
}

/** @throws what `damaged` makes, for a value of another kind */
export function readFingerprints(value: unknown, damaged: (key: string) => UserError): SavedFingerprints {
  const byName = (key: 'data' | 'valid'): ByName => {
    const read: unknown = isRecord(value) ? value[key] : undefined;
    if (!isRecord(read)) throw damaged(`fingerprints.${key}`);
    return Object.fromEntries(
      Object.entries(read).map(([name, each]) => {
        if (!isFingerprint(each)) throw damaged(`fingerprints.${key}.${name}`);
        return [name, each];
      }),
    );
  };
  return { data: byName('data'), valid: byName('valid') };
}

function isFingerprint(value: unknown): value is DataFingerprint {
  if (!isRecord(value)) return false;
  const { rows, width, values, checksum, files } = value;
  const numbers = [rows, width].every((each) => typeof each === 'number');
  const texts = [values, checksum].every((each) => typeof each === 'string');
  return numbers && texts && (files === undefined || isFiles(files));
}

function isFiles(value: unknown): value is FilesFingerprint {
  return isRecord(value) && typeof value['bytes'] === 'number' && typeof value['modified'] === 'string';
}

/** What has changed of each source, the first that tells it: rows, values in a row, how they are kept, else that they are others. */
export function compareFingerprints(before: ByName, now: ByName): readonly Change[] {
  return Object.entries(now).flatMap(([name, fingerprint]) => {
    const saved = before[name];
    const change = saved === undefined ? undefined : compareOne(saved, fingerprint);
    return change === undefined ? [] : [{ name, before: change[0], after: change[1] }];
  });
}

function compareOne(before: DataFingerprint, now: DataFingerprint): readonly [string, string] | undefined {
  const told: readonly ((each: DataFingerprint) => string)[] = [
    ({ rows }) => `${formatCount(rows)} rows`,
    ({ width }) => `${formatCount(width)} values in a row`,
    ({ values }) => `values as ${values}`,
    ({ files }) => `${formatCount(files?.bytes ?? 0)} bytes`,
    ({ checksum }) => `contents of checksum ${checksum}`,
  ];
  // What was read whole then and is not now has another kind of checksum.
  const comparable = (before.files === undefined) === (now.files === undefined) ? told : told.slice(0, 3);
  const tells = comparable.find((tell) => tell(before) !== tell(now));
  return tells === undefined ? undefined : [tells(before), tells(now)];
}

/** The names of files that look the same where they were looked at, and have been written to. */
export function findTouched(before: ByName, now: ByName): readonly string[] {
  return Object.entries(now).flatMap(([name, { files }]) => {
    const modified = before[name]?.files?.modified;
    return files === undefined || modified === undefined || modified === files.modified ? [] : [name];
  });
}
