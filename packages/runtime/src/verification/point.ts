/** Where a gradient is verified: parameters, data rows, and what the estimators remember. */
import type { Artifact, DataPort, DataRange, StateInfo } from '@sbn/program';
import { portWidth } from '../data/ports.js';
import type { Values } from '../engine.js';
import { initializeParameters } from '../initialize.js';
import type { ParameterValues, TensorValues } from '../model.js';
import { fillNormals, fillUniforms, noiseKey } from '../noise/noise.js';

export interface VerificationPoint {
  readonly parameters: ParameterValues;
  /** Rows of every data name, row-major; `{}` for a model without data. */
  readonly data: Readonly<Record<string, Values>>;
  /** How many rows `data` has; 1 without data. */
  readonly rows: number;
  /** What the estimators carry from step to step, by name; as at the start of training where it is left out. */
  readonly state?: Readonly<Record<string, number | TensorValues>>;
}

export interface DrawOptions {
  /** A uint32. */
  readonly seed: number;
  /** Data rows, default 2; a model without data has one. */
  readonly rows?: number | undefined;
}

/** No parameter is zero, so that no term of the gradient vanishes; none so large that probabilities leave float32. */
const SCATTERED = { kind: 'normal', mean: 0.1, standardDeviation: 0.8 } as const;

/**
 * A random point: the model's parameters scattered (not as they are initialised: zero biases hide mistakes), data of their
 * kinds in no pattern, and what belongs to the estimators as at the start of training. All numbers are exact in float32.
 * @throws SettingsError for a bad seed.
 */
export function drawPoint(artifact: Artifact, { seed, rows = 2 }: DrawOptions): VerificationPoint {
  const parameters = artifact.parameters.map((parameter) =>
    parameter.role === 'model' ? { ...parameter, initializer: SCATTERED } : parameter,
  );
  const data = artifact.data.map((port) => [port.name, drawRows(port, rows, seed)] as const);
  return {
    parameters: initializeParameters({ ...artifact, parameters }, seed),
    data: Object.fromEntries(data),
    rows: artifact.data.length === 0 ? 1 : rows,
  };
}

/**
 * Values that the port's distribution can give: fair coins, classes and small counts all alike, standard normals, or functions of these
 * that lie in the distribution's range.
 */
function drawRows(port: DataPort, rows: number, seed: number): Float32Array {
  const { element } = port;
  const values = new Float32Array(rows * portWidth(port));
  const key = noiseKey(seed, `verify/${port.name}`);
  const place = { row: 0, step: 0, draw: 0 };
  if (element.kind === 'real') {
    fillNormals(values, key, place);
    return values.map(INTO_RANGE[port.range]);
  }
  const { largest = 1, shape } = port;
  const isTotal = port.range === 'total';
  const uniforms = new Float32Array(isTotal ? (values.length / (shape.at(-1) ?? 1)) * largest : values.length);
  fillUniforms(uniforms, uniforms.length, key, place);
  if (element.kind === 'onehot') {
    const { classes } = element;
    for (let group = 0; group < values.length; group += classes) {
      values[group + Math.floor((uniforms[group] ?? 0) * classes)] = 1;
    }
    return values;
  }
  if (isTotal) return drawTotals(port, largest, uniforms);
  const choices = element.kind === 'binary' ? 2 : Math.min(4, (port.largest ?? Infinity) + 1);
  return values.map((_, index) => Math.floor((uniforms[index] ?? 0) * choices));
}

/** Any number → one of the range. */
const INTO_RANGE: Readonly<Record<DataRange, (value: number) => number>> = {
  any: (value) => value,
  non_negative: Math.abs,
  positive: Math.exp,
  open_unit: (value) => 1 / (1 + Math.exp(-value)),
  // Of counts alone.
  total: (value) => value,
};

/** For each trial a class, all alike: a uniform for each. */
function drawTotals({ shape }: DataPort, trials: number, uniforms: Float32Array): Float32Array {
  const classes = shape.at(-1) ?? 1;
  const counts = new Float32Array((uniforms.length / trials) * classes);
  for (const [index, uniform] of uniforms.entries()) {
    const chosen = Math.floor(index / trials) * classes + Math.floor(uniform * classes);
    counts[chosen] = (counts[chosen] ?? 0) + 1;
  }
  return counts;
}

/** A state at this point, `shape` as in the artifact. */
export function stateAt({ state }: VerificationPoint, info: StateInfo): TensorValues {
  const given = state?.[info.name] ?? info.initial;
  if (typeof given !== 'number') return given;
  const size = info.shape.reduce((product, length) => product * length, 1);
  return { shape: info.shape, values: new Float64Array(size).fill(given) };
}
