/** The parameters a model starts from. */
import { assertNever, type Artifact, type Initializer, type ParameterInfo } from '@sbn/program';
import { allocating } from './memory.js';
import type { ParameterValues } from './model.js';
import { fillNormals, fillUniforms, noiseKey } from './noise/noise.js';

/**
 * Draws every parameter from its initialiser: a pure function of the artifact and the seed, and of
 * the parameter's name, so that adding a parameter leaves the others as they were.
 * @throws SettingsError for a bad seed, EngineError when they do not fit into memory.
 */
export function initializeParameters(artifact: Artifact, seed: number): ParameterValues {
  return Object.fromEntries(
    artifact.parameters.map((info) => [info.name, { shape: info.shape, values: draw(info, seed) }]),
  );
}

function draw({ name, shape, initializer }: ParameterInfo, seed: number): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = allocating(`parameter ${name}`, () => new Float32Array(length));
  fillFrom(initializer, values, seed, name);
  return values;
}

function fillFrom(initializer: Initializer, values: Float32Array, seed: number, name: string): void {
  const key = noiseKey(seed, `initialize/${name}`);
  const place = { row: 0, step: 0, draw: 0 };
  switch (initializer.kind) {
    case 'fill':
      values.fill(initializer.value);
      return;
    case 'normal': {
      const { mean, standardDeviation } = initializer;
      fillNormals(values, key, place);
      values.forEach((value, index) => (values[index] = mean + standardDeviation * value));
      return;
    }
    case 'uniform': {
      const { low, high } = initializer;
      fillUniforms(values, values.length, key, place);
      values.forEach((value, index) => (values[index] = low + (high - low) * value));
      return;
    }
    default:
      assertNever(initializer);
  }
}
