/** Colours of rendered diagnostics, by what a piece of text is there for. */
import type { Severity } from './diagnostic.js';

export type Role = Severity | 'related' | 'message' | 'gutter' | 'note' | 'hint';

export type Paint = (role: Role, text: string) => string;

/** ANSI "select graphic rendition" parameters. */
const STYLES: Readonly<Record<Role, string>> = {
  error: '1;31',
  warning: '1;33',
  related: '36',
  message: '1',
  gutter: '34',
  note: '1',
  hint: '1;32',
};

/** Without colour, text stays as it is. */
export function createPaint(color: boolean): Paint {
  return (role, text) => (color && text !== '' ? `\u001b[${STYLES[role]}m${text}\u001b[0m` : text);
}
