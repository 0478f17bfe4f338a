/** ONNX Runtime sends no telemetry: its collector, which leaves a log of its own for each process, is not started. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isNativeInstalled } from '../native.js';

const SCRIPT = `
const { createNativeEngine } = await import('@sbn/runtime/node');
const { ProgramBuilder } = await import('@sbn/program');
const builder = new ProgramBuilder('p');
builder.output('loss', 'total', builder.sum(builder.input('data', 'x', [{ batch: 1 }, 3]), [0, 1]));
const engine = await createNativeEngine();
const prepared = await engine.prepare(builder.finish());
await prepared.run(new Map([['data:x', engine.upload([1, 2, 3], [1, 3])]]), 1);
console.log(process.pid);
`;

/** The process that runs the engine, by its number. */
async function runEngine(): Promise<string> {
  const { ORT_DISABLE_TELEMETRY: _, ...inherited } = process.env;
  const options = { cwd: import.meta.dirname, env: inherited };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT], options);
  return stdout.trim();
}

const leavesLog = (pid: string): boolean => existsSync(join(tmpdir(), `mat-debug-${pid}.log`));

test.skipIf(!isNativeInstalled)('nothing is collected', async () => {
  expect(leavesLog(await runEngine())).toBe(false);
});
