const PLACES: ReadonlySet<string> = new Set(['span', 'pathSpan', 'targetSpan', 'operatorSpan', 'keyword']);

/** A syntax tree without its spans: what a text says, wherever it says it. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (PLACES.has(key) ? [] : [[key, withoutPlaces(inner)]])),
  );
}
