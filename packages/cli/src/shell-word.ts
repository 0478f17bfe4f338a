/** Words of commands that are printed to be given to a shell. */

/** As it is where a shell takes it as it is, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
