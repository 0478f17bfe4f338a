/**
 * The runtime's typed errors: mistakes in data, settings, checkpoints or the environment. The
 * message says where it happened, what is wrong and the way out. A mistake of ours is an
 * `InternalError` of @sbn/program instead.
 */

/** What all typed errors of the runtime share, so that an app can catch them as one. */
export abstract class RuntimeError extends Error {
  /** The message without the way out. */
  readonly problem: string;
  /** The way out, e.g. `say binarize=threshold`; empty where there is none to name. */
  readonly hint: string;

  constructor(problem: string, hint = '', options: ErrorOptions = {}) {
    super(hint === '' ? problem : `${problem}; ${hint}`, options);
    this.problem = problem;
    this.hint = hint;
  }
}

/** Where in the data a mistake is. */
export interface DataPlace {
  /** Name of the `data` declaration. */
  readonly data?: string | undefined;
  /** File or generator. */
  readonly source?: string | undefined;
  /** Row, from 0. */
  readonly row?: number | undefined;
  /** Position in the flattened row, from 0. */
  readonly column?: number | undefined;
  readonly value?: number | undefined;
  /** What people call the row and the column in the source: `line 7`, `column price`. */
  readonly rowName?: string | undefined;
  readonly columnName?: string | undefined;
}

/** Data that are missing, damaged, of the wrong shape, or outside the declared kind. */
export class DataError extends RuntimeError {
  override readonly name = 'DataError';
  readonly place: DataPlace;
  /** The problem without its place. */
  readonly problemAlone: string;

  constructor(place: DataPlace, problem: string, hint = '', options: ErrorOptions = {}) {
    super(`${formatPlace(place)}${problem}`, hint, options);
    this.place = place;
    this.problemAlone = problem;
  }
}

/** The same mistake, said of the data that come from its source. */
export function saidOfData(name: string, error: unknown): unknown {
  if (!(error instanceof DataError) || error.place.data !== undefined) return error;
  return new DataError({ ...error.place, data: name }, error.problemAlone, error.hint, { cause: error.cause });
}

function formatPlace({ data, source, row, column, rowName, columnName }: DataPlace): string {
  const parts: string[] = [];
  if (data !== undefined) parts.push(`data ${data}`);
  if (source !== undefined) parts.push(source);
  if (row !== undefined) parts.push(rowName ?? `row ${String(row)}`);
  if (column !== undefined) parts.push(columnName ?? `column ${String(column)}`);
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}

/** A setting of a run that is out of its range, unknown or missing. */
export class SettingsError extends RuntimeError {
  override readonly name = 'SettingsError';
  /** The setting's name, e.g. `batch`. */
  readonly setting: string;

  constructor(setting: string, problem: string, hint = '') {
    super(`${setting}: ${problem}`, hint);
    this.setting = setting;
  }
}

/** An engine that cannot be had, or that was given tensors which do not fit the program. */
export class EngineError extends RuntimeError {
  override readonly name = 'EngineError';
}

/** A checkpoint that is damaged, or that belongs to another model or optimiser. */
export class CheckpointError extends RuntimeError {
  override readonly name = 'CheckpointError';
}

interface NonFiniteDetails {
  readonly step: number;
  readonly place: string;
  readonly site: string | undefined;
  readonly value: number;
  readonly where: string;
}

/** NaN or infinity in the loss or in an updated parameter. The model keeps its last good parameters. */
export class NonFiniteError extends RuntimeError {
  override readonly name = 'NonFiniteError';
  /** The step that failed, counted from 1. */
  readonly step: number;
  /** The first that is not finite: a term of the loss, e.g. `log q(h1)`, a site's signal, a parameter, or `loss`. */
  readonly place: string;
  /** The site that the term or signal belongs to. */
  readonly site: string | undefined;
  readonly value: number;
  readonly #details: NonFiniteDetails;

  constructor(details: NonFiniteDetails, hint = '') {
    super(`step ${String(details.step)}: ${details.where} is ${String(details.value)}`, hint);
    this.#details = details;
    this.step = details.step;
    this.place = details.place;
    this.site = details.site;
    this.value = details.value;
  }

  /** The same with another way out, for whoever knows more of the run. */
  withHint(hint: string): NonFiniteError {
    return new NonFiniteError(this.#details, hint);
  }
}

/** What cannot be written in ONNX: the operation, and the site that it is for where it is for one. */
export class OnnxError extends RuntimeError {
  override readonly name = 'OnnxError';
}
