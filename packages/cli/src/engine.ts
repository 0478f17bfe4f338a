/** The engine that `--engine`, `--backend` and `--threads` name. */
import { createReferenceEngine, createTfjsEngine, type Engine } from '@sbn/runtime';
import { createNativeEngine, createNodeEngine } from '@sbn/runtime/node';
import type { Command } from 'commander';
import { Option } from 'commander';
import { UsageError } from './exit.js';
import { positiveInteger } from './options.js';

export interface EngineFlags {
  /** Left out: native where it can be had, else tfjs. */
  readonly engine?: 'native' | 'tfjs' | 'reference' | undefined;
  readonly backend?: 'wasm' | 'cpu' | undefined;
  readonly threads?: number | undefined;
}

export function addEngineOptions(command: Command, usual?: EngineFlags['engine']): Command {
  const engine = new Option(
    '--engine <name>',
    `what computes; reference is exact in float64, and slow${usual === undefined ? ' (default: native if installed, else tfjs)' : ''}`,
  ).choices(['native', 'tfjs', 'reference']);
  return command
    .addOption(usual === undefined ? engine : engine.default(usual))
    .addOption(new Option('--backend <name>', 'backend of tfjs (default: wasm, else cpu)').choices(['wasm', 'cpu']))
    .option('--threads <n>', 'threads of the native engine (default: 1)', positiveInteger);
}

/** `--backend` alone means tfjs. @throws UsageError for an option of another engine */
export async function openEngine({ engine, backend, threads }: EngineFlags): Promise<Engine> {
  const chosen = engine ?? (backend === undefined ? undefined : 'tfjs');
  if (backend !== undefined && chosen !== 'tfjs')
    throw new UsageError(`--backend is for --engine tfjs; the ${String(chosen)} engine has none`);
  if (threads !== undefined && chosen !== undefined && chosen !== 'native')
    throw new UsageError(`--threads is for --engine native; the ${chosen} engine has one`);
  switch (chosen) {
    case 'native':
      return createNativeEngine({ threads, reason: 'as asked' });
    case 'tfjs':
      return createTfjsEngine({ backend });
    case 'reference':
      return createReferenceEngine();
    case undefined:
      return createNodeEngine({ threads });
  }
}
