/** A mistake of ours, not of the user: an invariant of the compiler or the runtime does not hold. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** A program text or object that breaks a rule of the instruction set; `place` names the line or value. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly place: string;

  constructor(message: string, place: string) {
    super(`${place}: ${message}`);
    this.place = place;
  }
}

/** For the end of a `switch` over a union: a new member does not compile until it is handled. */
export function assertNever(value: never): never {
  throw new InternalError(`unexpected ${JSON.stringify(value)}`);
}

/** The element at `index`, which an invariant says is there. */
export function at<T>(items: { readonly length: number; readonly [index: number]: T }, index: number): T {
  const item = items[index];
  if (item === undefined) throw new InternalError(`index ${String(index)} of ${String(items.length)}`);
  return item;
}

/** An artifact that cannot be read; `path` is the place in the JSON, e.g. `$.sites[2].shape[0]`. */
export class ArtifactError extends Error {
  override readonly name: string = 'ArtifactError';
  readonly path: string;

  constructor(message: string, path: string) {
    super(`${path}: ${message}`);
    this.path = path;
  }
}

/** An artifact of a version that this release does not read. */
export class ArtifactVersionError extends ArtifactError {
  override readonly name = 'ArtifactVersionError';
  readonly found: unknown;
  readonly readable: readonly number[];

  constructor(found: unknown, readable: readonly number[]) {
    const versions = `version${readable.length === 1 ? '' : 's'} ${readable.join(', ')}`;
    super(`version ${JSON.stringify(found)} cannot be read; this release reads ${versions}`, '$.version');
    this.found = found;
    this.readable = readable;
  }
}
