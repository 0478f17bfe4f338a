/** The way in: source text → syntax tree. */
import type { IRecognitionException, IToken } from 'chevrotain';
import type { Module } from './ast.js';
import { balanceBrackets } from './brackets.js';
import { buildModule } from './build-ast.js';
import { reportUnexpected } from './build-context.js';
import type { ModuleCst } from './cst.js';
import type { Diagnostic, Outcome } from './diagnostic.js';
import { collectDocs } from './docs.js';
import { createFindings } from './findings.js';
import { renameKeywords } from './keyword-names.js';
import { markLeadingNames } from './leading-names.js';
import { limitDiagnostics, MOST_MISTAKES } from './limit-diagnostics.js';
import { lex } from './lexer.js';
import { restoreKeywords } from './misspelt-keywords.js';
import { findTooDeep } from './nesting.js';
import { SbnParser } from './parser.js';
import { indexLines } from './positions.js';
import { moveSpans } from './sources.js';
import type { SourceFile } from './span.js';

// Analysing the grammar takes long, so it is done once, for the first text. The parser keeps nothing from one text to the next.
let known: SbnParser | undefined;

/**
 * Reads a text, with all its syntax errors in one run; never throws. The value is the module with what could not be
 * read left out, so that checking can go on, also where there are errors: look for those among the diagnostics. It is
 * missing only where the text is nested too deeply, or has too many mistakes, to be read at all. Spans are counted on from `base`, where the text is
 * one of a set.
 */
export function parse({ text }: SourceFile, base = 0): Outcome<Module> {
  const { module, diagnostics } = parseText(text);
  return moveSpans({ value: module, diagnostics }, base);
}

/** All that is known of a text, for the formatter. */
export interface ParsedText {
  readonly module: Module | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Missing where the text is nested too deeply, or has too many mistakes. */
  readonly cst: ModuleCst | undefined;
  readonly tokens: readonly IToken[];
  /** All comments, in the order of the text. */
  readonly comments: readonly IToken[];
}

export function parseText(text: string): ParsedText {
  const lexed = lex(text);
  const lines = indexLines(text);
  const restored = restoreKeywords(lexed.tokens, lines);
  const renamed = renameKeywords(restored.tokens);
  const balanced = balanceBrackets(renamed.tokens, lines);
  const diagnostics = [lexed, restored, renamed, balanced].flatMap((pass) => pass.diagnostics);
  const isHopeless = diagnostics.length >= MOST_MISTAKES;
  const tokens = markLeadingNames(balanced.tokens, lines);
  const tooDeep = isHopeless ? undefined : (balanced.tooDeep ?? findTooDeep(tokens));
  const damage = [...lexed.damage, ...balanced.damage].sort((a, b) => a.start - b.start);
  const findings = createFindings({ tokens, lines, diagnostics, damage });
  const comments = [...lexed.docs, ...lexed.comments].sort((a, b) => a.startOffset - b.startOffset);
  if (tooDeep !== undefined) findings.add(tooDeep);
  if (isHopeless || tooDeep !== undefined) {
    return {
      module: undefined,
      diagnostics: limitDiagnostics(findings.diagnostics()),
      cst: undefined,
      tokens,
      comments,
    };
  }
  known ??= new SbnParser({ recovers: false });
  const parsed = parseTokens(tokens, known);
  // The grammar takes any text; should it ever not, that is no reason to stay silent.
  const { cst, errors } = parsed.errors.length === 0 ? parsed : parseTokens(tokens, new SbnParser());
  for (const { token } of errors) {
    reportUnexpected(Number.isNaN(token.startOffset) ? text.length : token.startOffset, { findings });
  }
  const docs = collectDocs(lexed.docs, tokens, lines);
  const built = buildModule(cst, text.length, findings, docs);
  // What stands behind so many mistakes has not been looked at.
  const module = findings.isFull() ? undefined : built;
  for (const warning of docs.unclaimed()) findings.add(warning);
  return { module, diagnostics: limitDiagnostics(findings.diagnostics()), cst, tokens, comments };
}

function parseTokens(
  tokens: readonly IToken[],
  parser: SbnParser,
): { readonly cst: ModuleCst; readonly errors: readonly IRecognitionException[] } {
  parser.input = [...tokens];
  // The types in cst.ts are generated from the parser's grammar; chevrotain's own type is that of any tree.
  const cst = parser.module() as ModuleCst;
  const { errors } = parser;
  parser.input = [];
  return { cst, errors };
}
