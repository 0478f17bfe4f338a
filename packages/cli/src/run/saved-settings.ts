/** What `config.json` says of how a run was made: what it is taken up again with, exactly as it was. */
import type { EngineFlags } from '../engine.js';
import { UserError } from '../exit.js';
import { isRecord } from '../json-record.js';
import type { SavedOptimizer } from '../run-directory.js';
import { readFingerprints, type SavedFingerprints } from './saved-fingerprints.js';

/** What runs of earlier versions do not say is undefined. */
export interface SavedSettings {
  /** The model file, as it was given. */
  readonly model: string | undefined;
  /** The folder that it is relative to. */
  readonly directory: string | undefined;
  /** Constants of `--set`. */
  readonly set: Readonly<Record<string, number>> | undefined;
  readonly optimizer: SavedOptimizer | undefined;
  readonly batch: number | undefined;
  readonly seed: number | undefined;
  readonly samples: number | undefined;
  /** Whether it writes event files for TensorBoard. */
  readonly tensorboard: boolean | undefined;
  /** The engine that computes the same numbers to the last bit, where it can be had. */
  readonly engine: EngineFlags;
  readonly engineName: string | undefined;
  readonly fingerprints: SavedFingerprints | undefined;
}

type Json = Readonly<Record<string, unknown>>;

function isNumberRecord(value: unknown): value is Readonly<Record<string, number>> {
  return isRecord(value) && Object.values(value).every((each) => typeof each === 'number');
}

/** @throws UserError for a value of another kind */
export function readSavedSettings(config: Json, path: string): SavedSettings {
  const damaged = (key: string): UserError => new UserError(`${path} is damaged: what is \`${key}\`?`);
  const number = (key: string): number | undefined => {
    const value = config[key];
    if (value === undefined || typeof value === 'number') return value;
    throw damaged(key);
  };
  const text = (key: string): string | undefined => {
    const value = config[key];
    if (value === undefined || typeof value === 'string') return value;
    throw damaged(key);
  };
  const { set, optimizer, tensorboard } = config;
  if (set !== undefined && !isNumberRecord(set)) throw damaged('set');
  return {
    model: text('model'),
    directory: text('directory'),
    set,
    optimizer: optimizer === undefined ? undefined : readOptimizer(optimizer, damaged),
    batch: number('batch'),
    seed: number('seed'),
    samples: number('samples'),
    tensorboard: typeof tensorboard === 'boolean' ? tensorboard : undefined,
    engine: readEngine(text('engine'), text('backend'), number('threads')),
    engineName: text('engine'),
    fingerprints: config['fingerprints'] === undefined ? undefined : readFingerprints(config['fingerprints'], damaged),
  };
}

function readOptimizer(value: unknown, damaged: (key: string) => UserError): SavedOptimizer {
  if (!isRecord(value)) throw damaged('optimizer');
  const { name, options } = value;
  if (typeof name !== 'string' || !isNumberRecord(options)) throw damaged('optimizer');
  return { name, options };
}

/** A backend is written with the reason for it: `wasm (default)`. */
function readEngine(engine: string | undefined, backend = '', threads?: number): EngineFlags {
  switch (engine) {
    case 'native':
      // Left out, it is native where that can be had.
      return threads === undefined ? {} : { threads };
    case 'tfjs':
      return { engine, backend: backend.startsWith('cpu') ? 'cpu' : 'wasm' };
    case 'reference':
      return { engine };
    default:
      return {};
  }
}
