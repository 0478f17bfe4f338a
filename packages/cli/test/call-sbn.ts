/** The `sbn` command in the process of a test. */
import { main } from '../src/sbn.js';
import type { FakeHost } from './fake-host.js';

export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `line` is what stands after `sbn`, its words apart by single spaces. */
export async function callSbn(host: FakeHost, line: string): Promise<Called> {
  const code = await main(['node', 'sbn', ...line.split(' ')], host);
  return { code, stdout: host.stdout.text, stderr: host.stderr.text };
}
