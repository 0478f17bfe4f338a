/** Sources of data: from `--data`, else from the model file. */
import { dirname, resolve } from 'node:path';
import type { Artifact, DataPort, SourceSpec } from '@sbn/program';
import { DataError, formatSource, isGenerator, parseSource, type Dataset } from '@sbn/runtime';
import { openDataset } from '@sbn/runtime/node';
import { UsageError, UserError } from './exit.js';
import type { Host } from './host.js';
import { checkNames, type Assignments } from './options.js';
import type { SavedRun } from './run-directory.js';

/** By data name, with absolute paths. */
export type Sources = Readonly<Record<string, SourceSpec>>;

function absolute(spec: SourceSpec, directory: string): SourceSpec {
  return isGenerator(spec) ? spec : { ...spec, name: resolve(directory, spec.name) };
}

/** What an option such as `--data` gives. @throws UsageError for a name that the model does not declare. */
export function givenSources(
  option: string,
  given: Assignments | undefined,
  ports: readonly DataPort[],
  host: Host,
): Sources {
  const assignments = given ?? new Map<string, string>();
  checkNames(
    option,
    assignments.keys(),
    ports.map(({ name }) => name),
    'data',
    'data',
  );
  return Object.fromEntries(
    [...assignments].map(([name, text]) => [name, absolute(parseGiven(`${option} ${name}`, text), host.directory)]),
  );
}

/** @throws UsageError naming the option where the source is not one. */
function parseGiven(option: string, text: string): SourceSpec {
  try {
    return parseSource(text);
  } catch (error) {
    if (error instanceof DataError) throw new UsageError(`${option}: ${error.problem}`, error.hint);
    throw error;
  }
}

/** The sources of the file's `train` block; their paths are relative to the file. */
export function fileSources(artifact: Artifact, modelPath: string, host: Pick<Host, 'directory'>): Sources {
  const directory = dirname(resolve(host.directory, modelPath));
  return Object.fromEntries(
    Object.entries(artifact.train.data).map(([name, spec]) => [name, absolute(spec, directory)]),
  );
}

/** Each source in two: the first `share` of its rows in the random order of a seed, and the rest. @throws UsageError */
export function splitSources(
  sources: Sources,
  share: number,
  seed: number,
): { readonly data: Sources; readonly valid: Sources } {
  const part = (text: string): Sources =>
    Object.fromEntries(
      Object.entries(sources).map(([name, spec]) => [
        name,
        { ...spec, options: { ...spec.options, part: text, split: String(seed) } },
      ]),
    );
  const chosen = Object.keys(sources).find((name) => sources[name]?.options['part'] !== undefined);
  if (chosen !== undefined) {
    const way = 'leave one of them out; --valid takes another part of the same source';
    throw new UsageError(`--valid-share: the source of data \`${chosen}\` has a part of its own`, way);
  }
  const border = String(Number(share.toPrecision(12)));
  return { data: part(`0:${border}`), valid: part(`${border}:1`) };
}

export function formatSources(sources: Sources): Record<string, string> {
  return Object.fromEntries(Object.entries(sources).map(([name, spec]) => [name, formatSource(spec)]));
}

export function parseSources(texts: Readonly<Record<string, string>>): Sources {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parseSource(text)]));
}

/**
 * Opens the sources of `ports`, or gives undefined where there are no ports.
 * @throws UserError for a port without a source, DataError for what is wrong with one.
 */
export async function openPorts(
  option: string,
  sources: Sources,
  ports: readonly DataPort[],
): Promise<Dataset | undefined> {
  if (ports.length === 0) return undefined;
  const chosen: Record<string, SourceSpec> = {};
  for (const { name } of ports) {
    const source = sources[name];
    if (source === undefined) {
      throw new UserError(
        `there is no source for data \`${name}\``,
        `give one with ${option} ${name}=SOURCE, e.g. ${option} ${name}=images.idx.gz,binarize=threshold`,
      );
    }
    chosen[name] = source;
  }
  return openDataset(ports, chosen);
}

/** What a run is measured on. */
export interface MeasuredOn {
  readonly sources: Sources;
  /** `validation data`, in words. */
  readonly what: 'given data' | 'validation data' | 'training data';
}

/** What `--data` gives, or else what the run was validated on, or trained on: all or nothing, as rows of one source are not to be paired with rows of another. */
export function measuredSources(
  { artifact, data, valid }: Pick<SavedRun, 'artifact' | 'data' | 'valid'>,
  given: Assignments | undefined,
  host: Host,
): MeasuredOn {
  if (given !== undefined) return { sources: givenSources('--data', given, artifact.data, host), what: 'given data' };
  const isValidated = Object.keys(valid).length > 0;
  return { sources: parseSources(isValidated ? valid : data), what: isValidated ? 'validation data' : 'training data' };
}

/** The data that what a model draws is given. */
export function conditions({ programs, data }: Artifact): readonly DataPort[] {
  const needed = new Set(programs.sample.inputs.filter(({ role }) => role === 'data').map(({ name }) => name));
  return data.filter(({ name }) => needed.has(name));
}
