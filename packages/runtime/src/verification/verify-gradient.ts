/**
 * The proof of a model's gradient: the estimator's expectation over every latent configuration,
 * computed by the compiled program, against the derivative of the exactly enumerated objective.
 */
import { portKey, type Artifact, type InputRole, type PortKey, type Program } from '@sbn/program';
import type { RowsByName } from '../dataset.js';
import { disposeAll, type Engine, type EngineTensor, type PreparedProgram } from '../engine.js';
import { createReferenceEngine } from '../engines/reference.js';
import type { ParameterValues } from '../model.js';
import { enumerateConfigurations, type Configurations } from './configurations.js';

export interface VerifyOptions {
  /** Runs the estimator; the enumerated objective always runs in float64. */
  readonly engine: Engine;
  readonly parameters: ParameterValues;
  /** Rows of every data name, row-major; `{}` for a model without data. */
  readonly data: RowsByName;
  /** How many rows `data` has; 1 without data. */
  readonly rows: number;
  /** Baseline state by name; 0 where it is left out. */
  readonly state?: Readonly<Record<string, number>>;
}

export interface ParameterVerification {
  readonly name: string;
  /** E[ĝ], row-major. */
  readonly estimated: Float64Array;
  /** ∇ E[f], row-major. */
  readonly exact: Float64Array;
  /** Largest difference over the largest magnitude of this parameter's exact gradient. */
  readonly relativeError: number;
}

export interface GradientVerification {
  /** Exact expected cost, averaged over the data rows. */
  readonly objective: number;
  readonly configurations: number;
  readonly parameters: readonly ParameterVerification[];
  readonly maxRelativeError: number;
}

/** A parameter whose whole gradient is below this share of the largest one is compared at that share. */
const SMALLEST_SHARE = 1e-3;

/** @throws SettingsError when there are too many configurations. */
export async function verifyGradient(artifact: Artifact, options: VerifyOptions): Promise<GradientVerification> {
  const configurations = enumerateConfigurations(artifact.sites);
  const reference = createReferenceEngine();
  const batch = configurations.count * options.rows;
  const rowWeight = 1 / options.rows;

  const uniform = new Float64Array(batch).fill(rowWeight);
  const exact = await runOnce(reference, artifact.programs.enumeration, uniform);
  const scored = await runOnce(reference, artifact.programs.configuration, uniform);
  const logs = valuesOf(scored, 'log_probability:latents');
  const weights = uniform.map((weight, row) => weight * Math.exp(logs[row] ?? NaN));
  const estimated = await runOnce(options.engine, artifact.programs.configuration, weights);

  // The estimators' own parameters learn from losses of their own.
  const trained = artifact.parameters.filter(({ role }) => role === 'model');
  const scale = Math.max(...trained.map(({ name }) => largest(valuesOf(exact, `gradient:${name}`))));
  const parameters = trained.map(({ name }) => {
    const a = valuesOf(estimated, `gradient:${name}`);
    const b = valuesOf(exact, `gradient:${name}`);
    const difference = largest(a.map((value, index) => value - (b[index] ?? NaN)));
    return {
      name,
      estimated: a,
      exact: b,
      relativeError: difference / Math.max(largest(b), SMALLEST_SHARE * scale, Number.MIN_VALUE),
    };
  });
  return {
    objective: valuesOf(exact, 'loss:total')[0] ?? NaN,
    configurations: configurations.count,
    parameters,
    maxRelativeError: Math.max(0, ...parameters.map(({ relativeError }) => relativeError)),
  };

  async function runOnce(
    engine: Engine,
    program: Program,
    weight: Float64Array,
  ): Promise<ReadonlyMap<PortKey, Float64Array>> {
    const prepared = await engine.prepare(program);
    try {
      return await runOn(engine, prepared, feed(program, options, configurations, weight), batch);
    } finally {
      prepared.dispose();
    }
  }
}

interface HostTensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** The program's inputs, with every data row beside every configuration. */
function feed(
  program: Program,
  { parameters, data, rows, state }: VerifyOptions,
  configurations: Configurations,
  weight: Float64Array,
): ReadonlyMap<PortKey, HostTensor> {
  const batch = configurations.count * rows;
  const table: { readonly [R in InputRole]?: (name: string) => HostTensor | undefined } = {
    parameter: (name) => {
      const found = parameters[name];
      return found && { shape: found.shape, values: Float64Array.from(found.values) };
    },
    state: (name) => ({ shape: [], values: Float64Array.of(state?.[name] ?? 0) }),
    data: (name) => {
      const found = data[name];
      return found && { shape: [], values: repeatEach(Float64Array.from(found), rows, configurations.count) };
    },
    latent: (name) => {
      const found = configurations.values.get(name);
      return found && { shape: [], values: repeatAll(found, rows) };
    },
    weight: () => ({ shape: [batch], values: weight }),
  };
  const fed = new Map<PortKey, HostTensor>();
  for (const input of program.inputs) {
    const tensor = table[input.role]?.(input.name);
    if (tensor === undefined) continue;
    const shape = input.shape.map((dim) => (typeof dim === 'number' ? dim : dim.batch * batch));
    fed.set(portKey(input), { shape, values: tensor.values });
  }
  return fed;
}

async function runOn(
  engine: Engine,
  prepared: PreparedProgram,
  fed: ReadonlyMap<PortKey, HostTensor>,
  batch: number,
): Promise<ReadonlyMap<PortKey, Float64Array>> {
  const inputs = new Map<PortKey, EngineTensor>();
  for (const [key, { shape, values }] of fed) inputs.set(key, engine.upload(values, shape));
  try {
    const outputs = await prepared.run(inputs, batch);
    const result = new Map<PortKey, Float64Array>();
    for (const [key, tensor] of outputs) result.set(key, Float64Array.from(await tensor.download()));
    disposeAll(outputs);
    return result;
  } finally {
    disposeAll(inputs);
  }
}

/** Row 0 `times` times, then row 1, … */
function repeatEach(values: Float64Array, rows: number, times: number): Float64Array {
  const width = values.length / rows;
  const result = new Float64Array(values.length * times);
  for (let row = 0; row < rows; row += 1) {
    const source = values.subarray(row * width, (row + 1) * width);
    for (let copy = 0; copy < times; copy += 1) result.set(source, (row * times + copy) * width);
  }
  return result;
}

/** The whole array `times` times. */
function repeatAll(values: Float64Array, times: number): Float64Array {
  const result = new Float64Array(values.length * times);
  for (let copy = 0; copy < times; copy += 1) result.set(values, copy * values.length);
  return result;
}

function valuesOf(outputs: ReadonlyMap<PortKey, Float64Array>, key: PortKey): Float64Array {
  return outputs.get(key) ?? new Float64Array([NaN]);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => (Number.isNaN(value) ? Infinity : Math.max(most, Math.abs(value))), 0);
}
