import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ArtifactError,
  ArtifactVersionError,
  readArtifact,
  writeArtifact,
  type Artifact,
  type Verdict,
} from '../src/index.js';
import { EXAMPLE } from './example-artifact.js';
import { schemaProblems, type Json } from './schema-check.js';

const TEXT = writeArtifact(EXAMPLE);

/** The written artifact with the value at `path` replaced, or left out where `value` is `undefined`. */
function withValue(path: readonly (string | number)[], value: Json | undefined): string {
  const replace = (node: Json, [step, ...rest]: readonly (string | number)[]): Json => {
    if (typeof node !== 'object' || node === null || step === undefined) return value ?? null;
    if (Array.isArray(node)) return node.map((item: Json, index) => (index === step ? replace(item, rest) : item));
    const entries = Object.entries(node).filter(([name]) => name !== step || rest.length > 0 || value !== undefined);
    if (!Object.hasOwn(node, step)) return Object.fromEntries([...entries, [step, value ?? null]]);
    return Object.fromEntries(entries.map(([name, item]) => [name, name === step ? replace(item, rest) : item]));
  };
  return JSON.stringify(replace(JSON.parse(TEXT) as Json, path));
}

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('an artifact', () => {
  it('reads back as it was written', () => {
    expect(readArtifact(TEXT)).toStrictEqual(EXAMPLE);
    expect(writeArtifact(readArtifact(TEXT))).toBe(TEXT);
  });

  const objectives: Artifact['objective'][] = [
    { kind: 'bound', name: 'likelihood', position: EXAMPLE.objective.position },
    { kind: 'cost', sign: 1, position: EXAMPLE.objective.position },
    { kind: 'cost', sign: -1, position: EXAMPLE.objective.position },
  ];
  it.each(objectives)('reads back with the objective %j', (objective) => {
    expect(readArtifact(writeArtifact({ ...EXAMPLE, objective })).objective).toStrictEqual(objective);
  });

  const verdicts: Verdict[] = [{ kind: 'exact' }, { kind: 'unbiased' }];
  it.each(verdicts)('reads back with the verdict %j', (verdict) => {
    const sites = EXAMPLE.sites.map((site) => ({ ...site, verdict }));
    expect(readArtifact(writeArtifact({ ...EXAMPLE, sites })).sites).toStrictEqual(sites);
  });

  it('holds programs as lines of text', () => {
    expect(TEXT).toContain('"  %6 = sigmoid %5 : [B, 3]  # h",\n');
  });

  it('is not written with a number that JSON does not have', () => {
    const error = errorOf(() => writeArtifact({ ...EXAMPLE, constants: { n: NaN } }));
    expect(error).toBeInstanceOf(ArtifactError);
    expect(error).toMatchObject({ path: '$.constants.n' });
  });
});

describe('reading refuses', () => {
  it('a version it does not know, and says which it reads', () => {
    const error = errorOf(() => readArtifact(withValue(['version'], 1)));
    expect(error).toBeInstanceOf(ArtifactVersionError);
    expect(error).toMatchObject({ found: 1, readable: [3], path: '$.version' });
    expect(String(error)).toBe(
      'ArtifactVersionError: $.version: version 1 cannot be read; this release reads version 3',
    );
  });

  it('text that is not JSON, and JSON that is not an object', () => {
    expect(errorOf(() => readArtifact('{'))).toMatchObject({ name: 'ArtifactError', path: '$' });
    expect(String(errorOf(() => readArtifact('[]')))).toBe(
      'ArtifactError: $.format: expected "sbn-artifact", found nothing',
    );
    expect(String(errorOf(() => readArtifact('null')))).toBe('ArtifactError: $: expected an object, found null');
  });

  const programs = JSON.parse(TEXT) as { readonly programs: { readonly gradient: readonly string[] } };
  const lines = programs.programs.gradient;
  const replaced = (from: string, to: string): Json => lines.map((line) => line.replace(from, to));
  const broken: readonly (readonly [string, readonly (string | number)[], Json | undefined, string])[] = [
    ['$.format', ['format'], 'onnx', 'expected "sbn-artifact", found "onnx"'],
    ['$.doc', ['doc'], undefined, 'the field is missing'],
    ['$.extra', ['extra'], 1, 'there is no field of this name'],
    ['$.name', ['name'], 7, 'expected a string, found 7'],
    ['$.source.text', ['source', 'text'], null, 'expected a string, found null'],
    ['$.constants["1x"]', ['constants', '1x'], 'a', 'expected a number, found "a"'],
    ['$.data', ['data'], {}, 'expected an array, found an object'],
    ['$.data[0].element.kind', ['data', 0, 'element', 'kind'], 'float', 'expected "real" or "binary" or "count"'],
    [
      '$.data[1].element.classes',
      ['data', 1, 'element', 'classes'],
      0,
      'expected a whole number of at least 1, found 0',
    ],
    ['$.data[1].shape', ['data', 1, 'shape', 1], 9, '[2, 9] does not end in the 10 classes'],
    ['$.data[0].largest', ['data', 0, 'largest'], 3, 'binary values have no largest, but it is 3'],
    ['$.data[2].largest', ['data', 2, 'largest'], 0, 'expected a whole number of at least 1, found 0'],
    ['$.data[0].range', ['data', 0, 'range'], 'positive', 'binary values of shape [4] cannot have the range positive'],
    ['$.data[2].range', ['data', 2, 'range'], 'total', 'count values of shape [] cannot have the range total'],
    [
      '$.data[2].range',
      ['data', 2, 'range'],
      'wide',
      'expected "any" or "non_negative" or "positive" or "open_unit" or "total"',
    ],
    ['$.sites[2].largest', ['sites', 2, 'largest'], undefined, 'the field is missing'],
    ['$.data[0].shape[0]', ['data', 0, 'shape', 0], 1.5, 'expected a whole number of at least 0, found 1.5'],
    ['$.data[1].name', ['data', 1, 'name'], 'x', '"x" is the name of $.data[0] too'],
    ['$.data[0].position.line', ['data', 0, 'position', 'line'], 0, 'expected a whole number of at least 1, found 0'],
    ['$.parameters[0].initializer.mean', ['parameters', 0, 'initializer', 'mean'], undefined, 'the field is missing'],
    [
      '$.parameters[0].initializer.standardDeviation',
      ['parameters', 0, 'initializer', 'standardDeviation'],
      -1,
      'expected a number of at least 0, found -1',
    ],
    ['$.parameters[2].initializer', ['parameters', 2, 'initializer', 'low'], 2, 'low = 2 is above high = 1'],
    ['$.parameters[1].name', ['parameters', 1, 'name'], 'w', '"w" is the name of $.parameters[0] too'],
    ['$.state[0].initial', ['state', 0, 'initial'], null, 'expected a number, found null'],
    ['$.sites[0].role', ['sites', 0, 'role'], 'hidden', 'expected "latent" or "observed", found "hidden"'],
    ['$.sites[1].id', ['sites', 1, 'id'], 'h', '"h" is the id of $.sites[0] too'],
    ['$.sites[0].verdict.reasons', ['sites', 0, 'verdict', 'reasons'], 'why', 'expected an array, found "why"'],
    ['$.sites[0].parents[0]', ['sites', 0, 'parents', 0], 1, 'expected a string, found 1'],
    ['$.objective.name', ['objective', 'name'], 'vae', 'expected "elbo" or "likelihood" or "iwae", found "vae"'],
    ['$.train.batch', ['train', 'batch'], 0, 'expected a whole number of at least 1, found 0'],
    ['$.train.optimizer.options.rate', ['train', 'optimizer', 'options', 'rate'], '1', 'expected a number, found "1"'],
    ['$.train.data.x.options.n', ['train', 'data', 'x', 'options', 'n'], 4, 'expected a string, found 4'],
    ['$.programs.sample', ['programs', 'sample'], 'program', 'expected an array, found "program"'],
    [
      '$.programs.gradient',
      ['programs', 'gradient'],
      replaced('sigmoid', 'sigma'),
      'line 8, column 8: expected the name',
    ],
    [
      '$.programs.gradient',
      ['programs', 'gradient'],
      replaced('%6', '%9'),
      'line 8, %9 = sigmoid: values are numbered',
    ],
    [
      '$.programs.gradient',
      ['programs', 'gradient'],
      replaced('data "x"', 'data "y"'),
      'input data "y" is not the name of',
    ],
    [
      '$.programs.gradient',
      ['programs', 'gradient'],
      replaced('latent "h"', 'latent "x"'),
      'input latent "x" is not the',
    ],
    [
      '$.programs.gradient',
      ['programs', 'gradient'],
      replaced('gradient "w"', 'gradient "b"'),
      'output gradient "b" has',
    ],
    [
      '$.programs.gradient',
      ['programs', 'gradient'],
      replaced('sample "h"', 'sample "g"'),
      'output sample "g" is not the',
    ],
    [
      '$.programs.gradient',
      ['parameters', 0, 'shape', 1],
      5,
      'input parameter "w" has shape [4, 3], but the parameter has',
    ],
    ['$.programs.gradient', ['state', 0, 'name'], 'b', 'input state "h.baseline" is not the name of a declared state'],
  ];
  it.each(broken)('a wrong %s', (path, place, value, message) => {
    const error = errorOf(() => readArtifact(withValue(place, value)));
    expect(error).toBeInstanceOf(ArtifactError);
    expect(error).toMatchObject({ path });
    expect(String(error)).toContain(`ArtifactError: ${path}: ${message}`);
  });
});

describe('the published schema', () => {
  const schema = JSON.parse(readFileSync(new URL('../schema/artifact.schema.json', import.meta.url), 'utf8')) as Record<
    string,
    Json
  >;

  it('describes what is written', () => {
    expect(schemaProblems(schema, JSON.parse(TEXT) as Json)).toEqual([]);
    const cost: Artifact = { ...EXAMPLE, objective: { kind: 'cost', sign: -1, position: EXAMPLE.objective.position } };
    expect(schemaProblems(schema, JSON.parse(writeArtifact(cost)) as Json)).toEqual([]);
  });

  const wrong: readonly (readonly [readonly (string | number)[], Json | undefined])[] = [
    [['version'], 1],
    [['doc'], undefined],
    [['extra'], 1],
    [['constants', 'n'], 'x'],
    [['data', 0, 'element', 'kind'], 'onehot'],
    [['data', 0, 'shape', 0], -1],
    [['parameters', 0, 'initializer', 'mean'], undefined],
    [['sites', 0, 'verdict', 'kind'], 'exact'],
    [['sites', 0, 'element'], null],
    [['objective', 'sign'], 1],
    [['train', 'seed'], 0.5],
    [['train', 'optimizer', 'options', 'rate'], null],
    [['programs', 'gradient'], []],
    [['programs', 'sample'], undefined],
  ];
  it.each(wrong)('and nothing with %j = %j, which reading refuses too', (place, value) => {
    const text = withValue(place, value);
    expect(schemaProblems(schema, JSON.parse(text) as Json)).not.toEqual([]);
    expect(errorOf(() => readArtifact(text))).toBeInstanceOf(ArtifactError);
  });
});
