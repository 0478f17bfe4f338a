/** What can be wrong with a single word or symbol: SBN1001 to SBN1019. */
import { entry } from './define-catalogue.js';

export const SPELLING = {
  SBN1001: entry<{ character: string }>({
    title: 'unknown character',
    message: ({ character }) => `unknown character ${character}`,
    hint: () => 'leave it out',
    explanation:
      'The text holds a character that is no letter, digit, symbol or space of the language. Names may use the letters and ' +
      'digits of any script and the underscore; anything may stand in a comment or a string.',
    bad: 'const price = $200',
    good: 'const price = 200',
  }),
  SBN1002: entry<{ spelling: string }>({
    title: 'symbol of another language',
    message: ({ spelling }) => `\`${spelling}\` is not a symbol of this language`,
    explanation:
      'The symbol is written in other languages, or looks like one of this language’s: a typographic minus sign, say, which ' +
      'word processors put in. The hint says what to write instead. A power is `^`; binary values are numbers, so “and” ' +
      'is their product.',
    bad: 'minimize (x - 0.5) ** 2',
    good: 'minimize (x - 0.5) ^ 2',
  }),
  SBN1003: entry({
    title: 'string without an end',
    message: () => 'a string that does not end on its line',
    hint: () => 'write `"` where it ends',
    explanation:
      'A string begins and ends with `"`, both on one line. A quotation mark inside of it is written `\\"`, a line end `\\n`.',
    bad: 'import "layers.sbn',
    good: 'import "layers.sbn"',
  }),
  SBN1004: entry<{ corrected: string }>({
    title: 'string in other quotation marks',
    message: () => 'a string is written in double quotation marks',
    hint: ({ corrected }) => `write \`${corrected}\``,
    explanation:
      'Strings stand between two `"`. Single quotation marks and the curved ones that word processors put in are something else.',
    bad: "import 'layers.sbn'",
    good: 'import "layers.sbn"',
  }),
  SBN1005: entry<{ escape: string }>({
    title: 'unknown escape',
    message: ({ escape }) => `\`${escape}\` has no meaning in a string`,
    hint: ({ escape }) => `the escapes are \\" \\\\ \\n \\t; write \`\\${escape}\` for the backslash itself`,
    explanation:
      'In a string a backslash changes the meaning of what follows it, and only `\\"`, `\\\\`, `\\n` and `\\t` have one. In the ' +
      'paths of Windows, write `/`, or every backslash twice.',
    bad: 'train { data x = idx("C:\\data\\images.gz") }',
    good: 'train { data x = idx("C:/data/images.gz") }',
  }),
  SBN1006: entry<{ text: string }>({
    title: 'malformed number',
    message: ({ text }) => `\`${text}\` is not a number`,
    hint: () => 'numbers are written `200`, `0.5`, `1e-3`',
    explanation:
      'A number is decimal: digits, then perhaps a point with digits on both of its sides, then perhaps an exponent. Digits are not ' +
      'grouped, there is no other base, and a factor is joined by `*`.',
    bad: 'const samples = 10_000',
    good: 'const samples = 10000',
  }),
  SBN1007: entry<{ text: string }>({
    title: 'number too large',
    message: ({ text }) => `\`${text}\` is larger than any number of the machine`,
    hint: () => 'the largest is about 1.8e308',
    explanation:
      'Numbers are 64-bit floating point numbers while a model is compiled; beyond about 1.8e308 there are none.',
    bad: 'const far = 1e400',
    good: 'const far = 1e300',
  }),
  SBN1008: entry<{ opener: string }>({
    title: 'comment of another language',
    message: ({ opener }) => `a comment begins with \`//\`, not with \`${opener}\``,
    explanation:
      'A comment goes from `//` to the end of its line; there is no other kind. Three slashes, `///`, document what follows them.',
    bad: '# the width of both layers\nconst H = 200',
    good: '// the width of both layers\nconst H = 200',
  }),
  SBN1009: entry({
    title: 'semicolon',
    message: () => 'there are no semicolons',
    hint: () => 'leave it out: a statement ends where the next one begins',
    explanation:
      'Nothing stands between statements. Each begins with a name or a keyword, which no expression can go on with, so a line end ' +
      'is enough for the reader and not needed by the language.',
    bad: 'const H = 200;',
    good: 'const H = 200',
  }),
  SBN1010: entry({
    severity: 'warning',
    title: 'documentation of nothing',
    message: () => 'a `///` comment that documents nothing',
    hint: () => 'put it on the lines above a declaration, a site or a `let`, or write `//`',
    explanation:
      'A `///` comment documents the declaration, site or `let` that begins after it; the one that opens a file, the model as a whole. ' +
      'This one has nothing of the kind after it, or stands at the end of a line, where it would document the next.',
    bad: 'const H = 200 /// the width of both layers',
    good: '// The first comment of a file would speak of the file.\n/// The width of both layers\nconst H = 200',
  }),
  SBN1011: entry<{ keyword: string }>({
    title: 'keyword used as a name',
    message: ({ keyword }) => `\`${keyword}\` is a keyword and cannot be a name`,
    hint: ({ keyword }) => `take another name, such as \`${keyword}_\``,
    explanation:
      'The keywords (import, const, data, param, fn, model, guide, let, for, in, by, plate, if, then, else, return, via, estimator, ' +
      'maximize, minimize, train) say how the text goes on, so none of them can name a value. Capital letters make a difference: ' +
      '`Data` is a name.',
    bad: 'const model = 3',
    good: 'const models = 3',
  }),
  SBN1012: entry<{ name: string; keyword: string }>({
    title: 'misspelt keyword',
    message: ({ name }) => `\`${name}\` is not a keyword`,
    hint: ({ keyword }) => `did you mean \`${keyword}\`?`,
    explanation:
      'A keyword must stand here, as what follows goes with one, and this is nearly one. Keywords are written in small letters, and ' +
      '`maximize` and `minimize` with a z.',
    bad: 'maximise elbo',
    good: 'maximize elbo',
  }),
} as const;
