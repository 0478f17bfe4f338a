/**
 * What the lexer and the parser take from chevrotain, and the one place that loads it. Chevrotain and the library under it
 * are some seven hundred modules; the build puts them all into this one (`scripts/bundle-chevrotain.mjs`). Where only
 * TypeScript has run, they are loaded from where they are installed, which is all the same but slower. Types may be had from
 * `chevrotain` itself.
 */
export {
  Alternation,
  createToken,
  createTokenInstance,
  CstParser,
  EOF,
  Lexer,
  LLkLookaheadStrategy,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  Terminal,
} from 'chevrotain';
