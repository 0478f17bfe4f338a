/** Which process a number names: the system gives the number of one that has ended to another. */
import { readFileSync } from 'node:fs';

/** Of a process of this machine. */
export type ProcessState =
  | { readonly kind: 'gone' }
  /** `start` says which process of this number it is; undefined where the system does not tell. */
  | { readonly kind: 'alive'; readonly start: string | undefined };

export function stateOf(pid: number): ProcessState {
  const listed = readProc(pid);
  if (listed !== undefined) return listed;
  try {
    // Sends nothing: asks whether it could.
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return { kind: 'gone' };
  }
  return { kind: 'alive', start: undefined };
}

/** What /proc says (proc_pid_stat(5)): the state is the first field after the name, the start, in ticks since the system has started, the twentieth. */
function readProc(pid: number): ProcessState | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // One that was killed stays in the list until whoever has started it asks how it has ended.
    if (fields[0] === 'Z' || fields[0] === 'X') return { kind: 'gone' };
    return { kind: 'alive', start: `${readBoot()} ${fields[19] ?? ''}` };
  } catch {
    return undefined;
  }
}

/** A name of the time since the system has started. */
function readBoot(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
