/** What makes steps, each in a process of its own: our engines, and PyTorch. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { at } from './examples.mjs';

/** One of the kinds of `step-server.mjs`, on rows of a source where one is given. */
export async function ours(kind, subject, batch, source) {
  const own = source === undefined ? [] : [JSON.stringify(source)];
  const args = [at('bench/step-server.mjs').pathname, kind, JSON.stringify(subject), String(batch), ...own];
  const runner = await server(process.execPath, args);
  if (runner === undefined) throw new Error(`${kind}: no steps of ${JSON.stringify(subject)}`);
  return runner;
}

/** A process that answers a line with a number of steps by the times of each, after a first line that says what it is; undefined where it cannot start. */
export async function server(command, args, environment = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'ignore'] });
  const failed = new Promise((resolve) => child.on('error', () => resolve(undefined)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([failed, lines.next().then(({ value }) => value)]);
  if (first === undefined) return undefined;
  const steps = async (count) => {
    child.stdin.write(`${count}\n`);
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`${args.join(' ')}: ended before its steps`);
    return JSON.parse(value);
  };
  return { steps, end: () => child.stdin.end(), version: first.replace('ready ', '') };
}

/** MuProp in PyTorch, with Debian's `python3-torch`; undefined where that is missing. */
export function torch(model, batch) {
  const args = [at('bench/muprop_torch.py').pathname, model, String(batch)];
  return server('/usr/bin/python3', args, { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' });
}
