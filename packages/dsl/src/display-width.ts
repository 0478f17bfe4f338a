/** How text shows in a terminal: what stands for characters that cannot be shown, and how many columns each takes. */

/** A tab is shown as so many spaces, wherever it stands. */
const TAB = '    ';

// Characters of East Asian width F or W, by script, and those that are shown as pictures by default.
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\u30fb-\u30fe\uff01-\uff60\uffe0-\uffe6]/u;
const HALF_WIDTH = /[\u1160-\u11ff\uff61-\uffdc]/;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
/** Controls, half pairs, what cannot be seen, and what turns the direction of writing: a terminal is spared them. */
const NOT_SHOWN = /[\p{Cc}\p{Cs}\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

const FIRST_PICTURE = 0x2400;
const DELETE = 0x7f;

function show(character: string): string {
  if (character === '\t') return TAB;
  if (!NOT_SHOWN.test(character)) return character;
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(FIRST_PICTURE + code);
  return code === DELETE ? '␡' : '�';
}

/** The text as it is shown: tabs as spaces, a picture or `�` for what cannot be shown. */
export function displayText(text: string): string {
  return Array.from(text, show).join('');
}

/** The number of columns that the text takes when it is shown: wide characters take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of displayText(text)) {
    if (character >= ' ' && character <= '~') width += 1;
    else if (NO_WIDTH.test(character)) width += 0;
    else width += WIDE.test(character) && !HALF_WIDTH.test(character) ? 2 : 1;
  }
  return width;
}
