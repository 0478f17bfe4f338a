/** How things are timed. */

/** Steps that count in a round of one runner, and those before them that fill the caches which the one before has emptied. */
const STEPS = 5;
const UNTIMED = 2;
/** Rounds of a turn. */
const ROUNDS = 5;
/** Steps before the first round, in which code is compiled. */
const WARM = 100;

/** Steps of a turn that count. */
export const STEPS_PER_TURN = ROUNDS * STEPS;

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
 * Times by name, one list for each round: in turn and in short rounds, so that what else the machine does falls on all of them alike. A
 * runner that takes very long may say how many `steps` of it are `enough` for a turn, which it makes in one round.
 */
export async function interleave(runners, turns) {
  const rounds = Object.fromEntries(Object.keys(runners).map((name) => [name, []]));
  for (const { steps, enough, warm } of Object.values(runners)) await steps(enough ?? warm ?? WARM);
  for (let round = 0; round < turns * ROUNDS; round += 1)
    for (const [name, { steps, enough }] of Object.entries(runners)) {
      if (enough === undefined) rounds[name].push((await steps(UNTIMED + STEPS)).slice(UNTIMED));
      else if (round % ROUNDS === 0) rounds[name].push(await steps(enough));
    }
  for (const { end } of Object.values(runners)) end();
  return rounds;
}

/**
 * How many times as long one takes as another, by each clock: the median over rounds of the ratio of their medians in a round, as what
 * comes and goes with the machine is the same for two rounds that follow one another. Where one has fewer rounds, of the medians of all.
 */
export function compareRounds(above, below) {
  const pairs =
    above.length === below.length ? above.map((own, round) => [own, below[round]]) : [[above.flat(), below.flat()]];
  const ratio = (which) =>
    Number(
      median(
        pairs.map(([own, other]) => median(own.map((both) => both[which])) / median(other.map((both) => both[which]))),
      ).toFixed(4),
    );
  return { processor: ratio(1), elapsed: ratio(0) };
}
