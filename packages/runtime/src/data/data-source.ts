/** The data inputs of a program, read from a data set, checked and uploaded. */
import { at, InternalError, type Artifact, type DataPort, type PortKey, type Program } from '@sbn/program';
import type { Dataset, ReadRequest, RowOrder, RowsByName } from '../dataset.js';
import type { Engine, EngineTensor, LentTensor } from '../engine.js';
import { DataError } from '../errors.js';
import { allocating } from '../memory.js';
import { noiseKey, shuffledOrder } from '../noise/noise.js';
import { inputsOf } from '../ports.js';
import { findPort } from './arrays.js';
import { isAtHand, isChecked, isWholeElsewhere } from './checked.js';
import { checkPortValues, formatPort, portWidth } from './ports.js';

interface DataInput {
  readonly key: PortKey;
  readonly port: DataPort;
}

/** What a data set gave for a request. */
export interface ReadRows {
  readonly request: ReadRequest;
  readonly values: RowsByName;
  /** What nobody needs any more once these rows are uploaded. */
  readonly spare: RowsByName | undefined;
}

/** As many batches are asked for at once as fit into so many values, where asking takes longer than reading: a message to a thread and back. */
const ASKED_VALUES = 2 ** 20;
const ASKED_BATCHES = 8;

export class DataSource {
  readonly #engine: Engine;
  readonly #dataset: Dataset | undefined;
  readonly #inputs: readonly DataInput[];
  /** What has been uploaded, to be filled again. */
  #spare: RowsByName | undefined;

  /** @throws DataError when the data set is missing, empty, or lacks a name or has another width. */
  constructor(engine: Engine, artifact: Artifact, program: Program, dataset: Dataset | undefined) {
    this.#engine = engine;
    this.#dataset = dataset;
    this.#inputs = inputsOf(program, 'data').map(({ name, key }) => ({ key, port: findPort(artifact.data, name) }));
    for (const { port } of this.#inputs) checkName(dataset, port);
    if (dataset?.rows === 0) throw new DataError({}, 'the data set has no rows', 'give at least one');
  }

  /** The order of an epoch's rows: the data set's own, or all of them shuffled by the stream of this name. */
  order(epoch: number, seed: number, stream: string): RowOrder {
    const own = this.#dataset?.order?.(epoch, seed);
    if (own !== undefined) return own;
    const order = shuffledOrder(this.rows ?? 0, noiseKey(seed, stream), epoch);
    return (start, end) => order.slice(start, end);
  }

  /** Rows of the data set; undefined where the program reads no data. */
  get rows(): number | undefined {
    return this.#inputs.length === 0 ? undefined : this.#dataset?.rows;
  }

  /** Whether rows are there at once, so that there is no use in asking for them ahead. */
  get isAtHand(): boolean {
    return this.#dataset === undefined || this.#inputs.length === 0 || isAtHand(this.#dataset);
  }

  /** Rows as tensors, which the caller disposes of: rows at hand are written where the engine reads them. @throws DataError, as `upload` does. */
  async take(request: ReadRequest): Promise<ReadonlyMap<PortKey, EngineTensor>> {
    const dataset = this.#dataset;
    const lend = this.#engine.lend?.bind(this.#engine);
    if (dataset === undefined || lend === undefined || !isAtHand(dataset)) return this.upload(await this.read(request));
    const rows = request.indices.length;
    const lent = new Map<PortKey, LentTensor>();
    try {
      for (const { key, port } of this.#inputs) lent.set(key, lend([rows, ...port.shape]));
      const places = this.#inputs.map(({ key, port }) => [port.name, lent.get(key)?.values] as const);
      const spare = Object.fromEntries(places.flatMap(([name, own]) => (own === undefined ? [] : [[name, own]])));
      const values = await dataset.read(request, spare);
      for (const { port } of this.#inputs) {
        if (checkRows(dataset, values, port, request) !== spare[port.name])
          throw new InternalError(`rows of ${port.name} are not where they were to be written`);
      }
    } catch (error) {
      for (const { tensor } of lent.values()) tensor.dispose();
      throw error;
    }
    return new Map([...lent].map(([key, { tensor }]) => [key, tensor]));
  }

  /** Reads rows, without the engine: the next batch is read while a step runs. @throws DataError */
  async read(request: ReadRequest): Promise<ReadRows> {
    if (this.#dataset === undefined || this.#inputs.length === 0) return { request, values: {}, spare: undefined };
    const spare = this.#spare;
    this.#spare = undefined;
    const values = await this.#dataset.read(request, spare);
    return { request, values, spare: values };
  }

  /** How many batches of so many rows are worth asking for at once. */
  batchesAtOnce(rows: number): number {
    if (this.#dataset === undefined || !isWholeElsewhere(this.#dataset)) return 1;
    const values = this.#inputs.reduce((sum, { port }) => sum + rows * portWidth(port), 0);
    return Math.max(1, Math.min(ASKED_BATCHES, Math.floor(ASKED_VALUES / Math.max(1, values))));
  }

  /** Reads the rows of several requests of one epoch at once. What is wrong with one of them is wrong with no other. */
  readBatches(requests: readonly ReadRequest[]): readonly Promise<ReadRows>[] {
    const [first] = requests;
    if (first === undefined || requests.length === 1) return requests.map((request) => this.read(request));
    const starts: number[] = [];
    let rows = 0;
    for (const { indices } of requests) {
      starts.push(rows);
      rows += indices.length;
    }
    const indices = new Uint32Array(rows);
    for (const [place, request] of requests.entries()) indices.set(request.indices, at(starts, place));
    const whole = this.read({ ...first, indices });
    return requests.map((request, place) =>
      whole.then(
        ({ values, spare }) => {
          const parts = this.#inputs.flatMap(({ port }) => {
            const own = Object.hasOwn(values, port.name) ? values[port.name] : undefined;
            const [from, width] = [at(starts, place), portWidth(port)];
            const to = from + request.indices.length;
            return own === undefined ? [] : [[port.name, own.subarray(from * width, to * width)] as const];
          });
          const isLast = place === requests.length - 1;
          return { request, values: Object.fromEntries(parts), spare: isLast ? spare : undefined };
        },
        () => this.read(request),
      ),
    );
  }

  /** @throws DataError naming the value when rows are not as declared. The caller disposes of the tensors. */
  upload({ request, values, spare }: ReadRows): ReadonlyMap<PortKey, EngineTensor> {
    const dataset = this.#dataset;
    if (dataset === undefined) return new Map();
    // All are checked before the first is uploaded, so that a mistake leaves nothing behind.
    const checked = this.#inputs.map(({ key, port }) => {
      return { key, port, values: checkRows(dataset, values, port, request) };
    });
    const rows = request.indices.length;
    const uploaded = checked.map(
      ({ key, port, values: own }) => [key, this.#engine.upload(own, [rows, ...port.shape])] as const,
    );
    // The engine has copied them.
    this.#spare = spare ?? this.#spare;
    return new Map(uploaded);
  }
}

function checkName(dataset: Dataset | undefined, port: DataPort): void {
  const place = { data: port.name };
  const wanted = formatPort(port);
  if (dataset === undefined) {
    throw new DataError(
      place,
      `the model needs rows of ${wanted}, and there is no data set`,
      'give one (datasetFromArrays makes one)',
    );
  }
  const width = Object.hasOwn(dataset.widths, port.name) ? dataset.widths[port.name] : undefined;
  if (width === undefined) {
    const names = Object.keys(dataset.widths).join(', ');
    throw new DataError(place, `the data set has no ${port.name}, only ${names}`, `add rows of ${wanted}`);
  }
  if (width !== portWidth(port)) {
    throw new DataError(
      place,
      `rows of ${String(width)} values do not fit ${wanted}`,
      `give rows of ${String(portWidth(port))} values`,
    );
  }
}

function checkRows(dataset: Dataset, values: RowsByName, port: DataPort, { indices }: ReadRequest): Float32Array {
  const own = Object.hasOwn(values, port.name) ? values[port.name] : undefined;
  const count = indices.length * portWidth(port);
  if (own?.length !== count) {
    const found = own === undefined ? 'nothing' : `${String(own.length)} values`;
    throw new DataError(
      { data: port.name },
      `the data set gave ${found} for ${String(indices.length)} rows`,
      `give ${String(count)} values`,
    );
  }
  if (isChecked(dataset, port)) return own;
  checkPortValues(port, own, { source: 'data set', rowOf: (index) => indices[index] ?? index });
  return own;
}

/** `length` consecutive rows. @throws EngineError where there is no memory for so many */
export function consecutiveRows(start: number, length: number): Uint32Array {
  return allocating(`${String(length)} rows`, () => new Uint32Array(length)).map((_, index) => start + index);
}
