/** Reads an artifact from JSON. Everything is checked, so that what is returned can be relied on. */
import { checkArtifact } from './artifact-check.js';
import {
  ARTIFACT_FORMAT,
  ARTIFACT_VERSION,
  type Artifact,
  type ArtifactPrograms,
  type ArtifactSource,
  type ArtifactText,
  type DataPort,
  type DrawInfo,
  type ElementKind,
  type Initializer,
  type Objective,
  type ParameterInfo,
  type PlateInfo,
  type SiteInfo,
  type SourcePosition,
  type SourceSpec,
  type StateInfo,
  type TrainDefaults,
  type Verdict,
} from './artifact.js';
import { ArtifactError, ArtifactVersionError, ProgramError } from './errors.js';
import {
  array,
  mismatch,
  nullable,
  number,
  object,
  oneOf,
  record,
  string,
  union,
  wholeFrom,
  type Decoder,
} from './json-decoder.js';
import type { Program } from './program.js';
import { readProgramLines } from './read.js';

/**
 * The inverse of `writeArtifact`.
 * @throws ArtifactVersionError for a version that this release does not read, and ArtifactError,
 * with the path of the field, for everything else that is wrong.
 */
export function readArtifact(text: string): Artifact {
  const json = parse(text);
  const { format, version } = envelope(json);
  if (format !== ARTIFACT_FORMAT) mismatch(JSON.stringify(ARTIFACT_FORMAT), format, '$.format');
  if (version !== ARTIFACT_VERSION) throw new ArtifactVersionError(version, [ARTIFACT_VERSION]);
  const artifact = decodeArtifact(json, '$');
  checkArtifact(artifact);
  return artifact;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ArtifactError(`this is not JSON: ${error instanceof Error ? error.message : String(error)}`, '$');
  }
}

/** The two fields that every version has, whatever else may change. */
function envelope(json: unknown): { readonly format: unknown; readonly version: unknown } {
  if (typeof json !== 'object' || json === null) mismatch('an object', json, '$');
  return { format: 'format' in json ? json.format : undefined, version: 'version' in json ? json.version : undefined };
}

const whole = wholeFrom(0);
const positive = wholeFrom(1);
const shape = array(whole);

const notNegative: Decoder<number> = (value, path) => {
  const found = number(value, path);
  return found >= 0 ? found : mismatch('a number of at least 0', value, path);
};

const position: Decoder<SourcePosition> = object<SourcePosition>({
  line: positive,
  column: positive,
  file: nullable(string),
});

const element = union<ElementKind>({
  real: object({ kind: oneOf('real') }),
  binary: object({ kind: oneOf('binary') }),
  count: object({ kind: oneOf('count') }),
  onehot: object({ kind: oneOf('onehot'), classes: positive }),
});

const initializer = union<Initializer>({
  fill: object({ kind: oneOf('fill'), value: number }),
  normal: object({ kind: oneOf('normal'), mean: number, standardDeviation: notNegative }),
  uniform: object({ kind: oneOf('uniform'), low: number, high: number }),
});

const verdict = union<Verdict>({
  exact: object({ kind: oneOf('exact') }),
  unbiased: object({ kind: oneOf('unbiased') }),
  biased: object({ kind: oneOf('biased'), reasons: array(string) }),
});

const objective = union<Objective>({
  bound: object({ kind: oneOf('bound'), name: oneOf('elbo', 'likelihood', 'iwae'), position }),
  cost: object({ kind: oneOf('cost'), sign: oneOf(1, -1), position }),
});

/** A program as the lines of its printed form. */
const program: Decoder<Program> = (value, path) => {
  const lines = array(string)(value, path);
  try {
    return readProgramLines(lines);
  } catch (error) {
    if (error instanceof ProgramError) throw new ArtifactError(error.message, path);
    throw error;
  }
};

const decodeArtifact: Decoder<Artifact> = object<Artifact>({
  format: oneOf(ARTIFACT_FORMAT),
  version: oneOf(ARTIFACT_VERSION),
  name: string,
  doc: nullable(string),
  source: object<ArtifactSource>({
    file: string,
    text: string,
    imports: array(object<ArtifactText>({ file: string, text: string })),
  }),
  constants: record(number),
  data: array(
    object<DataPort>({
      name: string,
      element,
      largest: nullable(positive),
      range: oneOf('any', 'non_negative', 'positive', 'open_unit', 'total'),
      shape,
      position,
      doc: nullable(string),
    }),
  ),
  parameters: array(
    object<ParameterInfo>({ name: string, role: oneOf('model', 'estimator'), shape, initializer, position }),
  ),
  state: array(object<StateInfo>({ name: string, shape, initial: number })),
  sites: array(
    object<SiteInfo>({
      id: string,
      role: oneOf('latent', 'observed'),
      block: oneOf('model', 'guide'),
      distribution: string,
      element,
      largest: nullable(positive),
      shape,
      plates: array(object<PlateInfo>({ variable: string, size: positive })),
      draws: nullable(positive),
      parents: array(string),
      costs: array(string),
      estimator: nullable(string),
      verdict: nullable(verdict),
      position,
      doc: nullable(string),
    }),
  ),
  draws: array(object<DrawInfo>({ name: string, kind: oneOf('value', 'uniform'), site: string, of: string, shape })),
  objective,
  train: object<TrainDefaults>({
    data: record(object<SourceSpec>({ name: string, options: record(string) })),
    optimizer: nullable(object<NonNullable<TrainDefaults['optimizer']>>({ name: string, options: record(number) })),
    batch: nullable(positive),
    epochs: nullable(whole),
    steps: nullable(whole),
    seed: nullable(whole),
  }),
  programs: object<ArtifactPrograms>({
    gradient: program,
    evaluate: program,
    sample: program,
    posterior: program,
    configuration: program,
    enumeration: program,
    profile: program,
  }),
});
