/**
 * In Node, wasm's loader (Emscripten) listens for what an app leaves uncaught and throws it again,
 * from a place that has nothing to do with it and with another exit status. An embedded library
 * must not change that, so these listeners are taken off again.
 */

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/** What Emscripten's two listeners say, and hardly anyone else's. */
const RETHROWS = /instanceof ExitStatus|^function \(reason\) \{ throw reason; \}$/;

/** What is needed of Node's `process`. */
interface ListenerHost {
  listeners(event: string): unknown[];
  removeListener(event: string, listener: unknown): unknown;
}

/** Runs `start`, and takes off the rethrowing listeners that were added meanwhile. */
export async function withoutRethrowing<T>(start: () => Promise<T>): Promise<T> {
  const host: unknown = Reflect.get(globalThis, 'process');
  if (!isListenerHost(host)) return start();
  const before = new Set(EVENTS.flatMap((event) => host.listeners(event)));
  try {
    return await start();
  } finally {
    for (const event of EVENTS) {
      const added = host.listeners(event).filter((listener) => !before.has(listener));
      for (const listener of added) if (RETHROWS.test(String(listener))) host.removeListener(event, listener);
    }
  }
}

/** Not so in a browser, nor where a bundler has put a stub in its place. */
function isListenerHost(value: unknown): value is ListenerHost {
  if (typeof value !== 'object' || value === null) return false;
  return ['listeners', 'removeListener'].every((method) => typeof Reflect.get(value, method) === 'function');
}
