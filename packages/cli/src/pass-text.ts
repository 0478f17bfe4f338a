/** What each pass makes of a program, for `sbnc compile --emit program --passes`. */
import { PASSES } from '@sbn/compiler';
import { printProgram, type Program } from '@sbn/program';

export function printPasses(expanded: readonly Program[]): string {
  return expanded.map(printAll).join('\n');
}

/** The program as it was expanded, and after each pass, one after the other; the text of a pass that changes nothing is left out. */
function printAll(expanded: Program): string {
  const count = ({ instructions }: Program): string => `${String(instructions.length)} instructions`;
  const parts = [`// ${expanded.name}, as expanded: ${count(expanded)}\n${printProgram(expanded)}`];
  let current = expanded;
  let text = printProgram(expanded);
  for (const { name, run } of PASSES) {
    current = run(current);
    const next = printProgram(current);
    const heading = `// ${expanded.name}, after ${name}: ${next === text ? 'unchanged' : count(current)}\n`;
    parts.push(next === text ? heading : `${heading}${next}`);
    text = next;
  }
  return parts.join('\n');
}
