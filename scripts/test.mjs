/**
 * `npm test`: installs if needed, then builds, typechecks, lints and tests every workspace. The last line is always
 * `N passed, N failed`, over all tests; a stage that fails counts as one failure.
 * `--nightly` also runs the long tests, `test/**\/*.nightly.ts`.
 */
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fromRoot, isInstalled, npmCommand, readJson, run, turboCommand, workspaces } from './workspace.mjs';

/** Where each workspace leaves its results, relative to its folder; ignored by git. */
const report = '.turbo/tests.json';
const nightly = process.argv.includes('--nightly');
let passed = 0;
let failed = 0;

const turbo = (...rest) => run(turboCommand(...rest));

/** @returns {Promise<boolean>} whether it went well */
async function stage(name, work) {
  const start = performance.now();
  console.log(`\n── ${name}`);
  const code = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`── ${name}: ${code === 0 ? 'done' : 'failed'} in ${seconds} s`);
  return code === 0;
}

async function checkedStage(name, work) {
  const good = await stage(name, work);
  if (!good) failed += 1;
  return good;
}

/** Adds up the reports of vitest. A workspace without a report, or one that failed in no test of its own, counts as one failure. */
function countTests(exitedWell, folders) {
  const before = failed;
  for (const folder of folders) {
    const path = fromRoot(folder, report);
    if (!existsSync(path)) {
      console.log(`${folder}: no test report`);
      failed += 1;
      continue;
    }
    const results = readJson(path);
    passed += results.numPassedTests;
    // A file that does not load has no tests to fail.
    const broken = results.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
    );
    failed += results.numFailedTests + broken.length;
  }
  if (!exitedWell && failed === before) failed += 1;
}

async function testAll() {
  const folders = workspaces()
    .filter(({ manifest }) => manifest.scripts?.test?.startsWith('vitest') === true)
    .map(({ folder }) => folder);
  for (const folder of folders) rmSync(fromRoot(folder, report), { force: true });
  const long = nightly ? [`--config=${fromRoot('scripts/nightly.config.mjs')}`, '--root=.'] : [];
  const exitedWell = await stage('test', () =>
    turbo(
      'test',
      // Built already; the arguments below would make it another build.
      '--only',
      '--concurrency=1',
      '--continue=always',
      '--output-logs=full',
      '--log-order=grouped',
      '--',
      // One package at a time has the machine to itself; left alone, the test runner would keep a core back.
      `--maxWorkers=${availableParallelism()}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...long,
    ),
  );
  countTests(exitedWell, folders);
}

async function main() {
  if (!isInstalled() && !(await checkedStage('install', () => run(npmCommand('ci'))))) return;
  if (!(await checkedStage('build', () => turbo('build', '--output-logs=errors-only')))) return;
  await checkedStage('typecheck and lint', () =>
    turbo('typecheck', 'lint', 'lint:root', '--continue=always', '--output-logs=errors-only'),
  );
  await testAll();
}

try {
  await main();
} catch (error) {
  console.error(error);
  failed += 1;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
