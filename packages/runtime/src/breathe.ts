/** Lets timers, input and signals have their turn during a long computation. */

/** Longest time, in milliseconds, without a turn of the event loop. */
const LONGEST = 50;

/**
 * Awaiting what is already there never leaves the microtask queue, so that neither a browser's page
 * nor an interrupt would be served. The function returned waits for a turn where one is due.
 */
export function createBreather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < LONGEST) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
