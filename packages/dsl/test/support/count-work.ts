/**
 * How much is done, as a number that no machine and no load changes: how often the functions, loops and branches of this
 * package and of its parser run, by V8's precise coverage, and how many characters `slice` and `trim` give.
 */
import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';
import { afterAll, beforeAll } from 'vitest';

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

const COUNTED = /\/dsl\/src\/|\/chevrotain\//;

/** Counts while the tests of the file run that calls it; gives what counts a piece of work. */
export function createWorkCounter(): (work: () => void) => number {
  const session = new Session();
  const post = (method: string, params: object = {}): unknown => {
    let answer: unknown;
    session.post(method, params, (error: Error | null, result: unknown) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  };
  beforeAll(() => {
    // Optimised code inlines calls, and those are not counted.
    setFlagsFromString('--no-opt');
    session.connect();
    post('Profiler.enable');
    post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  });
  afterAll(() => {
    post('Profiler.stopPreciseCoverage');
    session.disconnect();
    setFlagsFromString('--opt');
  });
  const takeCounts = (): number => {
    let sum = 0;
    // The inspector's own type is that of the answer to any question.
    const { result } = post('Profiler.takePreciseCoverage') as Coverage;
    for (const { url, functions } of result) {
      if (!COUNTED.test(url)) continue;
      for (const { ranges } of functions) for (const { count } of ranges) sum += count;
    }
    return sum;
  };
  return (work) => {
    takeCounts();
    const copied = countCopied(work);
    return takeCounts() + copied;
  };
}

/** The characters that methods of strings give while `work` runs. */
function countCopied(work: () => void): number {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- they are called with a text of their own
  const { slice, trim } = String.prototype;
  let copied = 0;
  const count = (part: string): string => {
    copied += part.length;
    return part;
  };
  String.prototype.slice = function (this: string, ...range) {
    return count(slice.apply(this, range));
  };
  String.prototype.trim = function (this: string) {
    return count(trim.apply(this));
  };
  try {
    work();
  } finally {
    Object.assign(String.prototype, { slice, trim });
  }
  return copied;
}
