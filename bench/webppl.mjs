/** WebPPL, which is no dependency: it is put into a folder of its own when it is asked for. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from './examples.mjs';
import { server } from './runners.mjs';

const VERSION = '0.9.15';

/** Installs it, without its install scripts; undefined where that fails. */
export function installWebppl() {
  const folder = mkdtempSync(join(tmpdir(), 'webppl-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, `webppl@${VERSION}`];
    execFileSync('npm', args, { stdio: 'ignore' });
    return { folder: join(folder, 'node_modules', 'webppl'), remove };
  } catch {
    remove();
    return undefined;
  }
}

/** Steps of its ELBO estimator on sbn1. Two are enough for a turn: each takes half a second. */
export async function webppl({ folder }, batch) {
  const runner = await server(process.execPath, [at('bench/elbo-webppl.mjs').pathname, folder, String(batch)]);
  return runner === undefined ? undefined : { ...runner, enough: 2 };
}
