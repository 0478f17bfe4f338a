/** How things are timed. */

/** Steps of a turn that count, and those before them that fill the caches which the one before has emptied. */
export const STEPS = 25;
const UNTIMED = 5;

/** Milliseconds from here on, as they pass and as this process computes: `[elapsed, processor]`. */
export function startClock() {
  const before = process.cpuUsage();
  const start = performance.now();
  return () => {
    const elapsed = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    return [elapsed, (user + system) / 1000];
  };
}

/** A runner makes some steps and gives the times of each. */
export function repeat(step) {
  return async (count) => {
    const times = [];
    for (let done = 0; done < count; done += 1) {
      const read = startClock();
      await step();
      times.push(read());
    }
    return times;
  };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** Medians of both times. What a step costs is its time on the processor: the elapsed time has in it what else the machine did. */
export function summarize(times) {
  const [elapsed, processor] = [0, 1].map((which) => Number(median(times.map((both) => both[which])).toFixed(4)));
  return { processor, elapsed };
}

/**
 * Medians by name: in turn, so that what else the machine does falls on all of them alike. A runner that takes very long may say how
 * many `steps` of it are enough for a turn, without any before them.
 */
export async function interleave(runners, turns) {
  const times = Object.fromEntries(Object.keys(runners).map((name) => [name, []]));
  for (const { steps, enough } of Object.values(runners)) await steps(enough ?? STEPS);
  for (let turn = 0; turn < turns; turn += 1)
    for (const [name, { steps, enough }] of Object.entries(runners))
      times[name].push(...(enough === undefined ? (await steps(UNTIMED + STEPS)).slice(UNTIMED) : await steps(enough)));
  for (const { end } of Object.values(runners)) end();
  return Object.fromEntries(Object.entries(times).map(([name, own]) => [name, summarize(own)]));
}
