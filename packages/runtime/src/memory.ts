/** Whether what is asked for fits into memory: told before any of it is drawn, in numbers and not by a crash. */
import { peakElements, type Program } from '@sbn/program';
import type { Engine } from './engine.js';
import { EngineError } from './errors.js';

const WAY_OUT = 'ask for fewer rows, a smaller batch, or smaller sizes in the model';

/** What memory is for; or what writes that where there is not enough, as tensors are made in every step. */
export type MemoryUse = string | (() => string);

/** @throws EngineError when `elements` numbers are more than the engine's memory can hold; `what` takes them. */
export function checkMemory(engine: Engine, elements: number, what: MemoryUse): void {
  const { capacity } = engine;
  const bytes = elements * (engine.precision === 'float32' ? 4 : 8);
  if (capacity === undefined || bytes <= capacity) return;
  throw new EngineError(
    `${textOf(what)}: ${formatBytes(bytes)} of memory are needed, and ${engine.backend} has at most ${formatBytes(capacity)}`,
    WAY_OUT,
  );
}

/** @throws EngineError when a run with this batch cannot fit. */
export function checkProgramMemory(engine: Engine, program: Program, batch: number): void {
  const what = (): string => `program ${program.name} at ${String(batch)} rows at a time`;
  checkMemory(engine, peakElements(program, batch), what);
}

/** `make()`, which allocates. @throws EngineError when there is no memory for it. */
export function allocating<T>(what: MemoryUse, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    // What JavaScript throws when an array is too long for it, or for the machine.
    if (!(cause instanceof RangeError)) throw cause;
    throw new EngineError(`there is no memory for ${textOf(what)} (${cause.message})`, WAY_OUT, { cause });
  }
}

function textOf(what: MemoryUse): string {
  return typeof what === 'string' ? what : what();
}

function formatBytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
