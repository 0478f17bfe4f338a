/** A column whose rows are read, decoded and converted in a thread of its own: what arrives are those of a batch. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DataFingerprint } from '../data/fingerprint.js';
import type { Column, ColumnPieces, ReadRequest, RowRange } from '../dataset.js';
import { DataError, type DataPlace } from '../errors.js';
import type { OpenFiles } from './open-files.js';

export type ColumnRequest =
  | { readonly kind: 'read'; readonly id: number; readonly request: ReadRequest }
  | { readonly kind: 'expect'; readonly ranges: readonly RowRange[] };

/** What of a `Column` can be sent. */
export interface ColumnFacts extends Omit<Column, 'read' | 'pieces' | 'close' | 'fingerprint'> {
  readonly fingerprint: DataFingerprint | undefined;
  readonly pieces: (Omit<ColumnPieces, 'expect'> & { readonly expect: undefined }) | undefined;
}

/** An error as it is sent: of its class no more than this is left on the other side. */
export interface SentError {
  readonly message: string;
  readonly data: { readonly place: DataPlace; readonly problem: string; readonly hint: string } | undefined;
}

export type ColumnReply =
  | { readonly kind: 'opened'; readonly facts: ColumnFacts }
  | { readonly kind: 'rows'; readonly id: number; readonly values: Float32Array }
  | { readonly kind: 'failed'; readonly id: number | undefined; readonly error: SentError };

const SCRIPT = new URL('./column-worker.js', import.meta.url);

/** `undefined` where there is no such script beside this one: it is written when the package is built. @throws DataError */
export async function openInWorker(task: OpenFiles): Promise<Column | undefined> {
  if (!existsSync(fileURLToPath(SCRIPT))) return undefined;
  const thread = new ColumnThread(new Worker(SCRIPT, { workerData: task }));
  const { pieces, checked, fingerprint, ...facts } = await thread.opened;
  const expect = (ranges: readonly RowRange[]): void => {
    thread.send({ kind: 'expect', ranges });
  };
  return {
    ...facts,
    ...(fingerprint === undefined ? {} : { fingerprint: () => fingerprint }),
    checked: checked === undefined ? undefined : task.port,
    pieces: pieces === undefined ? undefined : { ...pieces, expect },
    read: async (request, target) => {
      target.set(await thread.read(request));
    },
    close: () => thread.close(),
  };
}

interface Waiting {
  readonly resolve: (values: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

class ColumnThread {
  readonly opened: Promise<ColumnFacts>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #ended: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.opened = new Promise((resolve, reject) => {
      worker.on('message', (reply: ColumnReply) => {
        this.#take(reply, resolve, reject);
      });
      worker.on('error', (error) => {
        this.#end(error, reject);
      });
      worker.on('exit', () => {
        this.#end(new Error('the thread that reads data has ended'), reject);
      });
    });
  }

  send(request: ColumnRequest): void {
    this.#worker.postMessage(request);
  }

  read(request: ReadRequest): Promise<Float32Array> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#next;
    this.#next += 1;
    // A thread that nobody waits for does not keep the process running.
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.send({ kind: 'read', id, request });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(reply: ColumnReply, open: (facts: ColumnFacts) => void, refuse: (error: Error) => void): void {
    if (reply.kind === 'opened') open(reply.facts);
    else if (reply.kind === 'rows') this.#settle(reply.id)?.resolve(reply.values);
    else if (reply.id === undefined) refuse(received(reply.error));
    else this.#settle(reply.id)?.reject(received(reply.error));
    if (this.#waiting.size === 0) this.#worker.unref();
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #end(error: Error, refuse: (error: Error) => void): void {
    this.#ended ??= error;
    refuse(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function received({ message, data }: SentError): Error {
  return data === undefined ? new Error(message) : new DataError(data.place, data.problem, data.hint);
}
