/**
 * `npm run demo`: installs and builds if needed, trains `examples/bars.sbn` on built-in data, and draws samples of the model.
 * What the set-up prints is kept back, and shown only where it fails.
 */
import { isInstalled, nodeCommand, npmCommand, run } from './workspace.mjs';

const directory = 'runs/demo';

/** Shows one line for `work`: what it is, and then how long it took. */
async function quietly(name, command) {
  const live = process.stdout.isTTY === true;
  const start = performance.now();
  const elapsed = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const show = (end) => process.stdout.write(`${live ? '\r' : ''}${name.padEnd(32)} ${elapsed()}${end}`);
  let log = '';
  const timer = live ? setInterval(show, 200, '') : undefined;
  const code = await run(command, (text) => (log += text));
  clearInterval(timer);
  show('\n');
  if (code === 0) return;
  process.stdout.write(`\n${log}\n`);
  console.error(`${name} failed: see above.`);
  process.exit(code);
}

async function sbn(...rest) {
  const code = await run(nodeCommand('packages/cli/bin/sbn.js', ...rest));
  if (code !== 0) process.exit(code);
}

if (!isInstalled()) await quietly('installing the dependencies', npmCommand('ci'));
await quietly('building', nodeCommand('node_modules/typescript/bin/tsc', '-b', 'packages/cli'));
await quietly('bundling the parser', nodeCommand('packages/dsl/scripts/bundle-chevrotain.mjs'));
console.log();
await sbn('run', 'examples/bars.sbn', '--out', directory, '--force', '--samples', '100');
console.log();
await sbn('sample', directory, '--rows', '32');
