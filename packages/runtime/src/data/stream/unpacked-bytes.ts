/** What is unpacked as it is read. It goes forward only: to go back is to begin again. */
import { DataError } from '../../errors.js';
import type { ByteSource } from './byte-source.js';

/** Packed bytes that are read at a time. */
const READ_AT_ONCE = 2 ** 18;

export class UnpackedBytes implements ByteSource {
  readonly name: string;
  readonly size: number | undefined;
  readonly isSeekable = false;
  readonly #packed: ByteSource;
  readonly #format: 'gzip' | 'deflate-raw';
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** Where the next byte of `#rest` stands. */
  #position = 0;
  #rest: Uint8Array = new Uint8Array();
  /** One after the other: each goes on where the one before ended. */
  #last: Promise<unknown> = Promise.resolve();

  /** `size` is that of what is unpacked, where it is known. */
  constructor(packed: ByteSource, format: 'gzip' | 'deflate-raw', size: number | undefined) {
    this.name = packed.name;
    this.size = size;
    this.#packed = packed;
    this.#format = format;
  }

  read(start: number, end: number): Promise<Uint8Array> {
    const reading = this.#last.then(() => this.#readNext(start, end));
    this.#last = reading.catch(() => undefined);
    return reading;
  }

  async #readNext(start: number, end: number): Promise<Uint8Array> {
    if (this.#reader === undefined || start < this.#position) this.#restart();
    let target = new Uint8Array(end - start);
    let filled = 0;
    while (filled < target.length) {
      if (this.#rest.length === 0 && !(await this.#pull())) {
        target = target.slice(0, filled);
        break;
      }
      const skipped = Math.min(this.#rest.length, Math.max(0, start - this.#position));
      const taken = this.#rest.subarray(skipped, skipped + target.length - filled);
      target.set(taken, filled);
      filled += taken.length;
      this.#position += skipped + taken.length;
      this.#rest = this.#rest.subarray(skipped + taken.length);
    }
    return target;
  }

  #restart(): void {
    // What is left of the stream before is of no interest, nor is why it could not be ended.
    this.#reader?.cancel().catch(() => undefined);
    const packed = this.#packed;
    let next = 0;
    const stream = new ReadableStream<BufferSource>({
      pull: async (controller) => {
        const bytes = await packed.read(next, next + READ_AT_ONCE);
        next += bytes.length;
        if (bytes.length > 0) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
        if (bytes.length < READ_AT_ONCE) controller.close();
      },
    });
    this.#reader = stream.pipeThrough(new DecompressionStream(this.#format)).getReader();
    this.#position = 0;
    this.#rest = new Uint8Array();
  }

  /** Whether there was more. */
  async #pull(): Promise<boolean> {
    try {
      const result = await this.#reader?.read();
      if (result === undefined || result.done) return false;
      this.#rest = result.value;
      return true;
    } catch (cause) {
      this.#reader = undefined;
      if (cause instanceof DataError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      const what = this.#format === 'gzip' ? 'gzip data' : 'packed data';
      const problem = `the ${what} are truncated or damaged after ${String(this.#position)} unpacked bytes: ${reason}`;
      throw new DataError({ source: this.name }, problem, 'fetch the file again', { cause });
    }
  }
}
