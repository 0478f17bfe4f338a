/** The commands in the `sh` blocks of the documentation. */
import type { Block } from './read-blocks.js';

/** One call: the words of a command line, without `npx`, comments, and what is piped or redirected. */
export type Call = readonly string[];

/** Of the shell's language as much as the pages use: lines that go on, variables, and loops of one line, whose body is taken once. */
export function readCalls(block: Block): readonly Call[] {
  const variables = new Map<string, string>();
  return block.text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const text = line.replace(/\$(\w+)/g, (unknown: string, name: string) => variables.get(name) ?? unknown);
      const [, name, value] = /^(\w+)="([^"]*)"$/.exec(text) ?? [];
      if (name !== undefined) variables.set(name, value ?? '');
      const call = words(text.replace(/^for .*; do (.*); done$/, '$1'));
      return name === undefined && call.length > 0 ? [call[0] === 'npx' ? call.slice(1) : call] : [];
    });
}

function words(line: string): string[] {
  const found: string[] = [];
  for (const [word, double, single] of line.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)) {
    if (word.startsWith('#') || ['|', '<', '>', '&&'].includes(word)) break;
    found.push(double ?? single ?? word);
  }
  return found;
}

/** Whether the call only reads a model, so that a test can run it: it takes next to no time, and its output is the same everywhere. */
export function isCheap([program, command]: Call): boolean {
  return (
    (program === 'sbnc' && ['check', 'explain', 'graph'].includes(command ?? '')) ||
    (program === 'sbn' && command === 'verify')
  );
}
