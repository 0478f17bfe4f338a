/** Whether the data of a run that goes on are those that it was begun with. */
import { formatSource } from '@sbn/runtime';
import { UserError } from '../exit.js';
import type { Host } from '../host.js';
import type { SavedRun } from '../run-directory.js';
import { shellWord } from '../shell-word.js';
import { styleFor } from '../style.js';
import { parseSources } from '../sources.js';
import { renderChanges, type ChangeSection } from './changes.js';
import { compareFingerprints, findTouched, type SavedFingerprints } from './saved-fingerprints.js';

/** The rows of a source are others than they were. */
export class DataChangedError extends UserError {
  override readonly name = 'DataChangedError';
}

/** Says where they may have changed unseen. @throws DataChangedError that names each source that has changed, and how */
export function checkData(saved: SavedRun, now: SavedFingerprints, host: Host): void {
  const before = saved.made.fingerprints;
  if (before === undefined) return;
  const { path } = saved.directory;
  const sections: readonly ChangeSection[] = [
    { title: 'data', changes: nameSources(compareFingerprints(before.data, now.data), saved.data) },
    { title: 'validation data', changes: nameSources(compareFingerprints(before.valid, now.valid), saved.valid) },
  ];
  if (sections.some(({ changes }) => changes.length > 0))
    throw new DataChangedError(
      `the data of ${path} have changed since it was made, so it cannot go on as if it had never stopped`,
      `with the data as they were, \`sbn resume ${shellWord(path)}\` goes on; --force goes on with them as they are now, in a new folder, from the last checkpoint`,
      renderChanges({ sections, texts: [] }, host.stderr),
    );
  const touched = [...new Set([...findTouched(before.data, now.data), ...findTouched(before.valid, now.valid)])];
  if (touched.length > 0)
    host.stderr.write(
      `${styleFor(host.stderr).bold('note')}: the files of data ${touched.join(', ')} have been written to since ${path} was made; their size and samples of their contents are the same\n`,
    );
}

/** With the path or the generator behind the data name. */
function nameSources(
  changes: ChangeSection['changes'],
  sources: Readonly<Record<string, string>>,
): ChangeSection['changes'] {
  const specs = parseSources(sources);
  return changes.map((change) => {
    const spec = specs[change.name];
    return spec === undefined
      ? change
      : { ...change, name: `${change.name} (${formatSource({ ...spec, options: {} })})` };
  });
}
