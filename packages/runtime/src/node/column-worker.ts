/** The thread of `column-in-worker.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { InternalError } from '@sbn/program';
import type { Column } from '../dataset.js';
import { DataError } from '../errors.js';
import { openFiles, type OpenFiles } from './open-files.js';
import type { SentError, ColumnReply, ColumnRequest } from './column-in-worker.js';

const port = parentPort;
if (port === null) throw new InternalError('this is the script of a thread');

function reply(message: ColumnReply, transferred: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, transferred);
}

function sent(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DataError)) return { message, data: undefined };
  return { message, data: { place: error.place, problem: error.problemAlone, hint: error.hint } };
}

async function answer(column: Column, request: ColumnRequest): Promise<void> {
  if (request.kind === 'expect') {
    column.pieces?.expect(request.ranges);
    return;
  }
  const { id } = request;
  try {
    const values = new Float32Array(request.request.indices.length * column.width);
    await column.read(request.request, values);
    reply({ kind: 'rows', id, values }, [values.buffer]);
  } catch (error) {
    reply({ kind: 'failed', id, error: sent(error) });
  }
}

// What the constructor of the thread was given.
const task = workerData as OpenFiles;
try {
  const column = await openFiles(task);
  const { name, source, rows, width, checked, pieces } = column;
  port.on('message', (request: ColumnRequest) => void answer(column, request));
  const fingerprint = await column.fingerprint?.();
  const facts = { name, source, rows, width, checked, fingerprint, pieces: pieces && { ...pieces, expect: undefined } };
  reply({ kind: 'opened', facts });
} catch (error) {
  reply({ kind: 'failed', id: undefined, error: sent(error) });
}
