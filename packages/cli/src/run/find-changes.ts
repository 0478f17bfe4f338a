/** Whether a run can go on as it was: what of its model and its settings has changed since. */
import type { CompiledStages } from '@sbn/compiler';
import type { Artifact } from '@sbn/program';
import { UserError } from '../exit.js';
import type { Host } from '../host.js';
import type { SavedRun } from '../run-directory.js';
import { shellWord } from '../shell-word.js';
import { renderChanges, type ChangeSection, type RunChanges } from './changes.js';
import { compareModels, compareSources, isSameModel } from './compare-models.js';
import { compileSaved, savedOptions, type CurrentModel } from './current-model.js';
import { compareSettings, type NextSettings } from './next-settings.js';
import type { PlannedModel } from './plan-run.js';

/** The model as it is now, where it compiles, else as the run has it. */
export function nextModel(saved: SavedRun, current: CurrentModel | undefined, host: Host): PlannedModel {
  const { artifact, made } = saved;
  const now = current?.stages.artifact;
  if (current !== undefined && now !== undefined) return { ...current, artifact: now };
  return {
    artifact,
    file: current?.file ?? made.model ?? artifact.source.file,
    directory: made.directory ?? host.directory,
    options: savedOptions(saved),
  };
}

/** Undefined where all that the run computes from is as it was, whatever the wording of the file. */
export function findChanges(
  saved: SavedRun,
  current: CurrentModel | undefined,
  settings: NextSettings,
): RunChanges | undefined {
  const modelChanges = current === undefined ? [] : findModelChanges(saved, current);
  const sections = [...(modelChanges ?? []), ...compareSettings(saved, settings)];
  if (modelChanges?.length === 0 && sections.every(({ changes }) => changes.length === 0)) return undefined;
  const texts = current === undefined ? [] : compareSources(saved.artifact.source, sourceOf(current.stages));
  return { sections, texts };
}

/** Empty where it is the same model; undefined where it does not compile, so that there is only its text to compare. */
function findModelChanges(saved: SavedRun, { stages }: CurrentModel): readonly ChangeSection[] | undefined {
  const now = stages.artifact;
  const before = compileSaved(saved).artifact;
  if (now === undefined) return undefined;
  return before !== undefined && isSameModel(before, now) ? [] : compareModels(saved.artifact, now);
}

function sourceOf({ sources, imported }: CompiledStages): Artifact['source'] {
  const [{ name: file, text }] = sources;
  return { file, text, imports: imported.map(({ source }) => ({ file: source.name, text: source.text })) };
}

/** The error for a run that is not to go on as something else. */
export function refuseChanges({ directory: { path } }: SavedRun, changes: RunChanges, host: Host): UserError {
  const files = changes.texts.map(({ file }) => file);
  const isModel = files.length > 0;
  const have = files.length > 1 ? 'have' : 'has';
  const what = isModel ? `${files.join(', ')} ${have} changed since ${path} was made` : `${path} was made otherwise`;
  const asItWas = isModel ? `\`sbn resume ${shellWord(path)} --keep-model\`` : `\`sbn resume ${shellWord(path)}\``;
  return new UserError(
    `${what}, so it cannot go on as if it had never stopped`,
    `${asItWas} goes on with all as it was; --force goes on with the changes in a new folder, from the parameters that fit`,
    renderChanges(changes, host.stderr),
  );
}
