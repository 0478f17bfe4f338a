import { onceOnly } from './once-only.js';

/** An object whose properties are computed when they are first read, and kept. Written, copied or compared it is as any other. */
export function onDemand<T extends object>(makers: { readonly [K in keyof T]: () => T[K] }): T {
  const properties = Object.entries<() => unknown>(makers).map(
    ([name, make]) => [name, { get: onceOnly(make), enumerable: true }] as const,
  );
  // Each property is the value that its maker has: TypeScript does not see that of descriptors.
  return Object.defineProperties({}, Object.fromEntries(properties)) as T;
}
