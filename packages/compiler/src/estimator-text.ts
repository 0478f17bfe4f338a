/**
 * The estimator that stands on the command line, or in an app's call, instead of in the file. Its text is one of the set
 * that the model is compiled from, so that what is wrong with it is shown in it.
 */
import {
  moveSpans,
  parse,
  syntaxCatalogue,
  type EstimatorDeclaration,
  type Outcome,
  type PlacedSource,
  type Span,
} from '@sbn/dsl';

/** How messages call the text. */
export const ESTIMATOR_TEXT_NAME = '--estimator';

const KEYWORD = 'estimator ';

/** The text is what would stand after `via`: it is read with the keyword before it, which has no place of its own. */
export function parseEstimatorText(source: PlacedSource): Outcome<EstimatorDeclaration> {
  const { text, base } = source;
  const { value, diagnostics: found } = parse({ name: source.name, text: KEYWORD + text });
  const diagnostics = found.map((diagnostic) => ({
    ...diagnostic,
    span: withoutKeyword(diagnostic.span, base),
    related: diagnostic.related.map((label) => ({ ...label, span: withoutKeyword(label.span, base) })),
  }));
  if (value === undefined || diagnostics.some(({ severity }) => severity === 'error')) {
    return { value: undefined, diagnostics };
  }
  const [first, second] = value.declarations;
  if (second !== undefined) {
    const surplus = /^\S+/.exec(text.slice(second.span.start - KEYWORD.length))?.[0] ?? '';
    const start = base + second.span.start - KEYWORD.length;
    const hint = 'name one estimator, e.g. `muprop(order = 2)`';
    const span = { start, end: start + surplus.length };
    const report = syntaxCatalogue.report('SBN1032', { found: `\`${surplus}\`` }, span, { hint });
    return { value: undefined, diagnostics: [...diagnostics, report] };
  }
  const estimator = first?.kind === 'estimator' ? moveSpans(first, base - KEYWORD.length) : undefined;
  return { value: estimator, diagnostics };
}

/** What is about the keyword is shown at the beginning of the text. */
function withoutKeyword({ start, end }: Span, base: number): Span {
  const move = (offset: number): number => base + Math.max(0, offset - KEYWORD.length);
  return { start: move(start), end: move(end) };
}
