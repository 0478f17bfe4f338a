/** The engine that `--engine` and `--backend` name. */
import { createReferenceEngine, createTfjsEngine, type Engine } from '@sbn/runtime';
import type { Command } from 'commander';
import { Option } from 'commander';
import { UsageError } from './exit.js';

export interface EngineFlags {
  readonly engine: 'tfjs' | 'reference';
  readonly backend?: 'wasm' | 'cpu';
}

export function addEngineOptions(command: Command, usual: EngineFlags['engine'] = 'tfjs'): Command {
  return command
    .addOption(
      new Option('--engine <name>', 'what computes; reference is exact in float64, and slow')
        .choices(['tfjs', 'reference'])
        .default(usual),
    )
    .addOption(new Option('--backend <name>', 'backend of tfjs (default: wasm, else cpu)').choices(['wasm', 'cpu']));
}

export async function openEngine({ engine, backend }: EngineFlags): Promise<Engine> {
  if (engine === 'tfjs') return createTfjsEngine({ backend });
  if (backend !== undefined) throw new UsageError('--backend is for --engine tfjs; the reference engine has none');
  return createReferenceEngine();
}
