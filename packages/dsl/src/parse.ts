/** The way in: source text → syntax tree. */
import type { Module } from './ast.js';
import { balanceBrackets } from './brackets.js';
import { buildModule } from './build-ast.js';
import { reportUnexpected } from './build-context.js';
import type { ModuleCst } from './cst.js';
import type { Outcome } from './diagnostic.js';
import { collectDocs } from './docs.js';
import { createFindings } from './findings.js';
import { renameKeywords } from './keyword-names.js';
import { markLeadingNames } from './leading-names.js';
import { limitDiagnostics } from './limit-diagnostics.js';
import { lex } from './lexer.js';
import { restoreKeywords } from './misspelt-keywords.js';
import { findTooDeep } from './nesting.js';
import { SbnParser } from './parser.js';
import { moveSpans } from './sources.js';
import type { SourceFile } from './span.js';

// Analysing the grammar takes long, so it is done once. The parser keeps nothing from one text to the next.
const parser = new SbnParser();

/**
 * Reads a text, with all its syntax errors in one run; never throws. The value is the module with what could not be
 * read left out, so that checking can go on, also where there are errors: look for those among the diagnostics. It is
 * missing only where the text is nested too deeply to be read at all. Spans are counted on from `base`, where the text is
 * one of a set.
 */
export function parse({ text }: SourceFile, base = 0): Outcome<Module> {
  return moveSpans(parseText(text), base);
}

function parseText(text: string): Outcome<Module> {
  const lexed = lex(text);
  const restored = restoreKeywords(lexed.tokens, text);
  const renamed = renameKeywords(restored.tokens);
  const balanced = balanceBrackets(renamed.tokens, text);
  const diagnostics = [lexed, restored, renamed, balanced].flatMap((pass) => pass.diagnostics);
  const tokens = markLeadingNames(balanced.tokens, text);
  const tooDeep = balanced.tooDeep ?? findTooDeep(tokens);
  const damage = [...lexed.damage, ...balanced.damage].sort((a, b) => a.start - b.start);
  const findings = createFindings({ tokens, text, diagnostics, damage });
  if (tooDeep !== undefined) {
    findings.add(tooDeep);
    return { value: undefined, diagnostics: limitDiagnostics(findings.diagnostics()) };
  }
  parser.input = [...tokens];
  // The types in cst.ts are generated from the parser's grammar; chevrotain's own type is that of any tree.
  const cst = parser.module() as ModuleCst;
  // The grammar takes any text; should it ever not, that is no reason to stay silent.
  for (const { token } of parser.errors) {
    reportUnexpected(Number.isNaN(token.startOffset) ? text.length : token.startOffset, { findings });
  }
  parser.input = [];
  const docs = collectDocs(lexed.docs, tokens, text);
  const value = buildModule(cst, text.length, findings, docs);
  for (const warning of docs.unclaimed()) findings.add(warning);
  return { value, diagnostics: limitDiagnostics(findings.diagnostics()) };
}
