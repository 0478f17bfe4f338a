/** The text printed so far. Line breaks and spaces wait until something follows, so that no line ends with spaces. */
import { displayWidth } from '../display-width.js';

export const INDENTATION = 2;

export class Page {
  readonly #pieces: string[] = [];
  /** Columns of the last line. */
  #column = 0;
  /** Line breaks that wait, and the indentation after them. */
  #breaks = 0;
  #indentation = 0;
  #hasSpace = false;
  #mustBreak = false;
  /** Whether nothing has been printed since a declaration or a statement could begin, but for comments. */
  #isPartStart = true;

  /** Where the next text would stand. */
  column(): number {
    return this.#breaks > 0 ? this.#indentation : this.#column + (this.#hasSpace ? 1 : 0);
  }

  /** Whether a comment has just ended the line. */
  mustBreak(): boolean {
    return this.#mustBreak;
  }

  write(text: string): void {
    this.#put(text);
    this.#isPartStart = false;
    this.#mustBreak = false;
  }

  space(): void {
    this.#hasSpace = true;
  }

  breakLine(indentation: number): void {
    this.#breaks = Math.max(this.#breaks, 1);
    this.#indentation = indentation;
    this.#hasSpace = false;
    this.#mustBreak = false;
  }

  beginPart(): void {
    this.#isPartStart = true;
  }

  blank(): void {
    if (this.#isPartStart) this.#breaks = 2;
  }

  /** On a line of its own; within a line, that is a further one, and so is what comes after it. */
  writeComment(text: string, isAfterBlank: boolean, indentation: number): void {
    if (this.#breaks === 0 && this.#pieces.length > 0) this.breakLine(indentation + INDENTATION);
    if (isAfterBlank) this.#breaks = 2;
    const column = this.column();
    this.#put(text);
    this.#endComment(column);
  }

  writeTrailingComment(text: string, indentation: number): void {
    this.#hasSpace = true;
    this.#put(text);
    this.#endComment(indentation + INDENTATION);
  }

  /** All of the text, with a line break at its end. */
  end(): string {
    return this.#pieces.length === 0 ? '' : `${this.#pieces.join('')}\n`;
  }

  #put(text: string): void {
    const isFirst = this.#pieces.length === 0;
    const indentation = ' '.repeat(this.#indentation);
    const between = this.#breaks > 0 ? `${'\n'.repeat(this.#breaks)}${indentation}` : this.#hasSpace ? ' ' : '';
    if (!isFirst) this.#pieces.push(between);
    this.#column = (isFirst ? 0 : this.column()) + displayWidth(text);
    this.#pieces.push(text);
    this.#breaks = 0;
    this.#hasSpace = false;
  }

  #endComment(indentation: number): void {
    this.breakLine(indentation);
    this.#mustBreak = true;
  }
}
