/**
 * The estimator that stands on the command line, or in an app's call, instead of in the file.
 *
 * Its text is read as if it stood behind the file: its places are counted on from the file's end. So every place belongs to
 * one text alone, whichever stage reports it, and what is reported can be shown in the text that it is about.
 */
import { parse, syntaxCatalogue, type Diagnostic, type EstimatorDeclaration, type Outcome } from '@sbn/dsl';
import type { SourceFile, Span } from '@sbn/dsl';

/** How messages call the text. */
const NAME = '--estimator';

const KEYWORD = 'estimator ';

/** `text` is what would stand after `via`. */
export function parseEstimatorText(text: string, file: SourceFile): Outcome<EstimatorDeclaration> {
  const { value, diagnostics } = parse({
    name: NAME,
    text: ' '.repeat(startAfter(file) - KEYWORD.length) + KEYWORD + text,
  });
  if (value === undefined || diagnostics.some(({ severity }) => severity === 'error')) {
    return { value: undefined, diagnostics };
  }
  const [first, second] = value.declarations;
  if (second !== undefined) {
    const start = second.span.start - startAfter(file);
    const found = /^\S+/.exec(text.slice(start))?.[0] ?? '';
    const span = { start: second.span.start, end: second.span.start + found.length };
    const hint = 'name one estimator, e.g. `muprop(order = 2)`';
    const surplus = syntaxCatalogue.report('SBN1032', { found: `\`${found}\`` }, span, { hint });
    return { value: undefined, diagnostics: [...diagnostics, surplus] };
  }
  return { value: first?.kind === 'estimator' ? first : undefined, diagnostics };
}

/** Puts each diagnostic into the text that it is about, with places counted from that text's start. */
export function attributeDiagnostics(
  diagnostics: readonly Diagnostic[],
  text: string,
  file: SourceFile,
): readonly Diagnostic[] {
  const start = startAfter(file);
  const isForeign = ({ start: place }: Span): boolean => place > file.text.length;
  const shift = (span: Span): Span => ({ start: Math.max(0, span.start - start), end: Math.max(0, span.end - start) });
  return diagnostics.map((diagnostic) => {
    const foreign = isForeign(diagnostic.span);
    // A snippet shows one text: second places in the other cannot be shown.
    const related = diagnostic.related.filter(({ span }) => isForeign(span) === foreign);
    if (!foreign) return { ...diagnostic, related };
    return {
      ...diagnostic,
      span: shift(diagnostic.span),
      related: related.map((label) => ({ ...label, span: shift(label.span) })),
      source: { name: NAME, text },
    };
  });
}

/** The place of the first character of the text: after the file, a character between the two, and the keyword. */
function startAfter(file: SourceFile): number {
  return file.text.length + 1 + KEYWORD.length;
}
