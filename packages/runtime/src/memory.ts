/** Whether what is asked for fits into memory: told before any of it is drawn, in numbers and not by a crash. */
import { resolveShape, type Program, type Shape, type ValueId } from '@sbn/program';
import type { Engine } from './engine.js';
import { EngineError } from './errors.js';

const WAY_OUT = 'ask for fewer rows, a smaller batch, or smaller sizes in the model';

/** For each value that an instruction computes and no output needs, the instruction after which it is of no use. */
export function findLastUses(program: Program): ReadonlyMap<ValueId, ValueId> {
  const lastUse = new Map<ValueId, ValueId>();
  for (const { id, args } of program.instructions) {
    lastUse.set(id, id);
    for (const arg of args) lastUse.set(arg, id);
  }
  for (const { id } of program.inputs) lastUse.delete(id);
  for (const { value } of program.outputs) lastUse.delete(value);
  return lastUse;
}

/**
 * Elements that a run of the program holds at its fullest moment, inputs included, with each value freed after its last
 * use. A reshaped value counts nothing: it shares its elements.
 */
export function peakElements(program: Program, batch: number): number {
  const lastUse = findLastUses(program);
  const sizes = new Map<ValueId, number>();
  let held = 0;
  for (const { id, shape } of program.inputs) {
    const size = countElements(shape, batch);
    sizes.set(id, size);
    held += size;
  }
  let peak = held;
  for (const { id, kind, shape, args } of program.instructions) {
    const size = kind === 'reshape' ? 0 : countElements(shape, batch);
    sizes.set(id, size);
    held += size;
    peak = Math.max(peak, held);
    for (const value of new Set([...args, id])) {
      if (lastUse.get(value) === id) held -= sizes.get(value) ?? 0;
    }
  }
  return peak;
}

function countElements(shape: Shape, batch: number): number {
  return resolveShape(shape, batch).reduce((product, length) => product * length, 1);
}

/** @throws EngineError when `elements` numbers are more than the engine's memory can hold; `what` takes them. */
export function checkMemory(engine: Engine, elements: number, what: string): void {
  const { capacity } = engine;
  const bytes = elements * (engine.precision === 'float32' ? 4 : 8);
  if (capacity === undefined || bytes <= capacity) return;
  throw new EngineError(
    `${what}: ${formatBytes(bytes)} of memory are needed, and ${engine.backend} has at most ${formatBytes(capacity)}`,
    WAY_OUT,
  );
}

/** @throws EngineError when a run with this batch cannot fit. */
export function checkProgramMemory(engine: Engine, program: Program, batch: number): void {
  checkMemory(engine, peakElements(program, batch), `program ${program.name} at ${String(batch)} rows at a time`);
}

/** `make()`, which allocates. @throws EngineError when there is no memory for it. */
export function allocating<T>(what: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    // What JavaScript throws when an array is too long for it, or for the machine.
    if (!(cause instanceof RangeError)) throw cause;
    throw new EngineError(`there is no memory for ${what} (${cause.message})`, WAY_OUT, { cause });
  }
}

function formatBytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
