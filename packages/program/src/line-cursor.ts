/** Reads the tokens of one line of a printed program from left to right. */
import { ProgramError } from './errors.js';

export class LineCursor {
  readonly #text: string;
  readonly #line: number;
  #position = 0;

  /** `line` is counted from 1 and named in errors. */
  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
    this.#skipSpaces();
  }

  /** @throws ProgramError naming the line, the column, and what is found there instead. */
  fail(expected: string): never {
    const rest = this.#text.slice(this.#position);
    const found =
      rest === '' ? 'the end of the line' : JSON.stringify(rest.length > 24 ? `${rest.slice(0, 24)}…` : rest);
    throw new ProgramError(
      `expected ${expected}, found ${found}`,
      `line ${String(this.#line)}, column ${String(this.#position + 1)}`,
    );
  }

  /** Moves past `token` if it comes next. */
  accept(token: string): boolean {
    if (!this.startsWith(token)) return false;
    this.#advance(token.length);
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.fail(`"${token}"`);
  }

  /** The text that `pattern` (sticky) matches next. */
  match(pattern: RegExp, expected: string): string {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined || found === '') this.fail(expected);
    this.#advance(found.length);
    return found;
  }

  /** Whether `token` comes next. */
  startsWith(token: string): boolean {
    return this.#text.startsWith(token, this.#position);
  }

  /** A word out of a closed set: a role, or the name of an operation. */
  word<T extends string>(accepts: (word: string) => word is T, expected: string): T {
    const start = this.#position;
    const word = this.match(/[A-Za-z_]\w*/y, expected);
    if (accepts(word)) return word;
    this.#position = start;
    return this.fail(expected);
  }

  /** A string in double quotes with the escapes of JSON. */
  string(expected: string): string {
    const start = this.#position;
    const quoted = this.match(/"(?:[^"\\]|\\.)*"/y, expected);
    try {
      return String(JSON.parse(quoted));
    } catch {
      this.#position = start;
      return this.fail(expected);
    }
  }

  /** `%12` → 12. */
  valueId(): number {
    return Number(this.match(/%\d+/y, 'a value such as %3').slice(1));
  }

  get atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Everything that is left, as it stands. */
  rest(): string {
    const rest = this.#text.slice(this.#position);
    this.#position = this.#text.length;
    return rest;
  }

  /** What stands behind the mark `#` and a space, if the mark comes next. */
  comment(): string | undefined {
    if (!this.startsWith('#')) return undefined;
    this.#position += this.startsWith('# ') ? 2 : 1;
    return this.rest();
  }

  #advance(length: number): void {
    this.#position += length;
    this.#skipSpaces();
  }

  #skipSpaces(): void {
    while (this.#text[this.#position] === ' ') this.#position += 1;
  }
}
