/** The noise inputs of a program, drawn and uploaded. */
import { InternalError, isBatchDim, type PortKey, type Program } from '@sbn/program';
import type { Engine, EngineTensor } from '../engine.js';
import { allocating } from '../memory.js';
import { inputsOf } from '../ports.js';
import { fillUniforms, noiseKey, type NoisePlace } from './noise.js';
import type { PhiloxKey } from './philox.js';

interface NoiseStream {
  readonly port: PortKey;
  readonly key: PhiloxKey;
  /** Shape of one row. */
  readonly shape: readonly number[];
  readonly width: number;
}

export class NoiseSource {
  readonly #engine: Engine;
  readonly #streams: readonly NoiseStream[];
  /** By port, where its numbers are drawn for an engine that lends no memory: an array for each step would keep the garbage collector busy. */
  readonly #drawn = new Map<PortKey, Float32Array>();

  /** Streams are named `purpose/site`, e.g. `train/h1`. @throws SettingsError for a bad seed. */
  constructor(engine: Engine, program: Program, purpose: string, seed: number) {
    this.#engine = engine;
    this.#streams = inputsOf(program, 'noise').map(({ name, key: port, shape: [rows, ...rest] }) => {
      const shape = rest.filter((dim): dim is number => !isBatchDim(dim));
      if (rows === undefined || !isBatchDim(rows) || rows.batch !== 1 || shape.length !== rest.length) {
        throw new InternalError(`noise ${name} of program ${program.name} is not one draw per row`);
      }
      const width = shape.reduce((product, length) => product * length, 1);
      return { port, key: noiseKey(seed, `${purpose}/${name}`), shape, width };
    });
  }

  /** Uniforms for `rows` rows from `place.row`. The caller disposes of them. */
  upload(rows: number, place: NoisePlace): ReadonlyMap<PortKey, EngineTensor> {
    return new Map(
      this.#streams.map((stream) => {
        const shape = [rows, ...stream.shape];
        const lent = this.#engine.lend?.(shape);
        const values = lent?.values ?? this.#arrayFor(stream.port, rows * stream.width, rows);
        fillUniforms(values, stream.width, stream.key, place);
        // An array of ours the engine copies.
        return [stream.port, lent?.tensor ?? this.#engine.upload(values, shape)];
      }),
    );
  }

  #arrayFor(port: PortKey, length: number, rows: number): Float32Array {
    const found = this.#drawn.get(port);
    if (found?.length === length) return found;
    const made = allocating(`noise of ${String(rows)} rows`, () => new Float32Array(length));
    this.#drawn.set(port, made);
    return made;
  }
}
