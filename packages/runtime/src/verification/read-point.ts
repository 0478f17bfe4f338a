/** Points for verification out of JSON: name → nested arrays. */
import type { Artifact, DataPort } from '@sbn/program';
import { checkPortValues } from '../data/ports.js';
import { SettingsError } from '../errors.js';
import type { ParameterValues, TensorValues } from '../model.js';
import { suggestNames } from '../suggest.js';
import { fromNestedArray } from './nested-arrays.js';
import type { VerificationPoint } from './point.js';

interface Named {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Parameters out of JSON: all of the model's; of those that belong to an estimator, what is left out is as in `drawn`.
 * `source` names the JSON in messages. @throws SettingsError for a name or a shape that does not fit, or a number that is not finite.
 */
export function readParameters(
  artifact: Artifact,
  json: unknown,
  source: string,
  drawn: ParameterValues,
): ParameterValues {
  const required = artifact.parameters.filter(({ role }) => role === 'model');
  return { ...drawn, ...readTensors(json, artifact.parameters, required, source, 'parameter') };
}

/** What estimators carry from step to step, out of JSON; what is left out starts as in training. @throws SettingsError */
export function readState(artifact: Artifact, json: unknown, source: string): Readonly<Record<string, TensorValues>> {
  return readTensors(json, artifact.state, [], source, 'state');
}

function readTensors(
  json: unknown,
  known: readonly Named[],
  required: readonly Named[],
  source: string,
  what: string,
): Readonly<Record<string, TensorValues>> {
  const given = readNames(json, known, required, source, what);
  return Object.fromEntries(
    known
      .filter(({ name }) => Object.hasOwn(given, name))
      .map(({ name, shape }) => [name, fromNestedArray(given[name], shape, { source, name })]),
  );
}

/**
 * Data rows out of JSON: for every data name an array of rows, or a single row.
 * @throws SettingsError for names, shapes and numbers of rows that do not fit; DataError for values not of the declared kind.
 */
export function readData(artifact: Artifact, json: unknown, source: string): Pick<VerificationPoint, 'data' | 'rows'> {
  const given = readNames(json, artifact.data, artifact.data, source, 'data');
  const data: Record<string, Float64Array> = {};
  let first: { readonly name: string; readonly rows: number } | undefined;
  for (const port of artifact.data) {
    const { rows, values } = readRows(port, given[port.name], source);
    first ??= { name: port.name, rows };
    if (rows !== first.rows) {
      throw new SettingsError(
        source,
        `${port.name} and ${first.name} have different numbers of rows: ${String(rows)} and ${String(first.rows)}`,
        'give every data name the same rows',
      );
    }
    data[port.name] = values;
  }
  return { data, rows: first?.rows ?? 1 };
}

function readRows(port: DataPort, json: unknown, source: string): { rows: number; values: Float64Array } {
  const isOneRow = depthOf(json) === port.shape.length;
  const shape = isOneRow ? port.shape : [undefined, ...port.shape];
  const { values, shape: found } = fromNestedArray(json, shape, { source, name: port.name });
  checkPortValues(port, values, { source, rowOf: (index) => index });
  return { rows: isOneRow ? 1 : (found[0] ?? 1), values };
}

/** How deep the arrays are nested, going by the first of each. */
function depthOf(json: unknown): number {
  return Array.isArray(json) ? 1 + depthOf(json[0]) : 0;
}

function readNames(
  json: unknown,
  known: readonly Named[],
  required: readonly Named[],
  source: string,
  what: string,
): Readonly<Record<string, unknown>> {
  if (!isRecord(json)) {
    throw new SettingsError(source, 'it is no object', `write {"name": nested arrays, …} with every ${what} by name`);
  }
  const names = known.map(({ name }) => name);
  const surplus = Object.keys(json).find((name) => !names.includes(name));
  if (surplus !== undefined) {
    throw new SettingsError(
      source,
      `the model has no ${what} \`${surplus}\``,
      suggestNames(surplus, names, `its ${what}`),
    );
  }
  const missing = required.filter(({ name }) => !Object.hasOwn(json, name)).map(({ name }) => `\`${name}\``);
  if (missing.length === 0) return json;
  throw new SettingsError(
    source,
    `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    `give every ${what} of the model`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
