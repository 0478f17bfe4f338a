/** What the scripts of this folder share: where things are, whether the dependencies are installed, how to run a command. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The path of something in the repository. */
export function fromRoot(...parts) {
  return join(root, ...parts);
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Folders of the workspaces, relative to the root, each with its package.json. */
export function workspaces() {
  const folders = readJson(fromRoot('package.json')).workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(fromRoot(parent)).map((name) => `${parent}/${name}`);
  });
  return folders
    .filter((folder) => existsSync(fromRoot(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson(fromRoot(folder, 'package.json')) }));
}

/**
 * Whether `node_modules` holds what `package-lock.json` asks for. Versions are compared, not dates: a checkout may touch either file.
 * Optional packages are for other platforms.
 */
export function isInstalled() {
  const installedLock = fromRoot('node_modules/.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const installed = readJson(installedLock).packages;
  return Object.entries(readJson(fromRoot('package-lock.json')).packages)
    .filter(([path, entry]) => path.startsWith('node_modules/') && entry.optional !== true)
    .every(([path, entry]) => installed[path]?.version === entry.version && installed[path]?.link === entry.link);
}

/** Nothing here reports home, looks for updates or waits for an answer; colours only where somebody looks. */
function environment() {
  const colourless = process.stdout.isTTY !== true && process.env.FORCE_COLOR === undefined;
  return {
    ...process.env,
    ...(colourless ? { NO_COLOR: '1' } : {}),
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    npm_config_update_notifier: 'false',
  };
}

/** A command: what to start, with which arguments, and what to add to the environment. */
export function npmCommand(...rest) {
  // Under `npm run`, the very npm that is running.
  const running = process.env.npm_execpath;
  if (running?.endsWith('.js') === true) return { command: process.execPath, rest: [running, ...rest], extra: {} };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', rest, extra: {} };
}

export function nodeCommand(script, ...rest) {
  return { command: process.execPath, rest: [fromRoot(script), ...rest], extra: {} };
}

/** Turbo starts its tasks through npm, which has nothing to add to what they say. */
export function turboCommand(...rest) {
  return { ...nodeCommand('node_modules/turbo/bin/turbo', 'run', ...rest), extra: { npm_config_loglevel: 'silent' } };
}

/**
 * Runs a command at the root. With `capture` its output goes to that function, otherwise straight to the terminal.
 * @returns {Promise<number>} the exit code
 */
export function run({ command, rest, extra }, capture) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      cwd: root,
      env: { ...environment(), ...extra },
      stdio: capture === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
    });
    child.stdout?.on('data', (chunk) => capture(String(chunk)));
    child.stderr?.on('data', (chunk) => capture(String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
