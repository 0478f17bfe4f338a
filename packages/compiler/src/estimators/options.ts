/** Reads the options of `via name(option = value)`; every estimator's options are names out of a list. */
import { suggest, type Diagnostic, type Outcome } from '@sbn/dsl';
import { gradientDiagnostics } from '../gradient-catalogue.js';
import type { EstimatorRequest } from '../typed-model.js';
import type { PlanContext, SiteTerm } from './estimator.js';

/** What each option may be. */
type OptionTable = Readonly<Record<string, readonly string[]>>;
/** Named sets of values: `default`, and those that `form = "…"` names. */
type FormTable = Readonly<Record<string, Readonly<Record<string, string>>>> & {
  readonly default: Readonly<Record<string, string>>;
};

export function readOptions(
  context: PlanContext,
  estimator: string,
  options: OptionTable,
  forms: FormTable,
): Outcome<SiteTerm> {
  const { request, site, graph } = context;
  const { form, diagnostics } = resolveForm(request, estimator, options, forms);
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const costs = form['costs'] === 'full' ? graph.costs.map(({ name }) => name) : context.localCosts;
  return { value: { site: site.id, estimator, form, costs, downstream: context.downstream }, diagnostics };
}

function resolveForm(
  request: EstimatorRequest | undefined,
  estimator: string,
  options: OptionTable,
  forms: FormTable,
): { readonly form: Readonly<Record<string, string>>; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  let start = forms.default;
  const chosen: Record<string, string> = {};
  for (const [name, { value, span }] of request?.options ?? []) {
    const known = name === 'form' ? Object.keys(forms) : options[name];
    const text = String(value);
    if (known === undefined) {
      const candidates = [...Object.keys(options), ...(Object.keys(forms).length > 1 ? ['form'] : [])];
      diagnostics.push(unknownOption(estimator, name, candidates, span));
    } else if (!known.includes(text)) {
      diagnostics.push(
        gradientDiagnostics.report('SBN4003', { option: name, value: text, choices: known.join(', ') }, span),
      );
    } else if (name === 'form') start = forms[text] ?? start;
    else chosen[name] = text;
  }
  return { form: { ...start, ...chosen }, diagnostics };
}

function unknownOption(
  estimator: string,
  option: string,
  candidates: readonly string[],
  span: EstimatorRequest['span'],
): Diagnostic {
  const guess = suggest(option, candidates);
  const hint = guess === undefined ? `its options are ${candidates.join(', ')}` : `did you mean \`${guess}\`?`;
  return gradientDiagnostics.report('SBN4002', { estimator, option }, span, { hint });
}
