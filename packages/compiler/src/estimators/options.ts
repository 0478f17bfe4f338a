/** Reads the options of `via name(option = value)`. */
import { suggest, type Diagnostic, type Outcome } from '@sbn/dsl';
import { gradientDiagnostics } from '../gradient-catalogue.js';
import type { EstimatorRequest, OptionValue } from '../typed-model.js';
import type { PlanContext, SiteTerm } from './estimator.js';

/** A number from `least` to `most`. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

/** What an estimator may be told. */
export interface OptionSpec {
  readonly name: string;
  /** What each option may be: a name out of a list, or a number. */
  readonly options: Readonly<Record<string, readonly string[] | NumberRange>>;
  /** Named sets of values: `default`, and those that `form = "…"` names. */
  readonly forms: Readonly<Record<string, Readonly<Record<string, string>>>> & {
    readonly default: Readonly<Record<string, string>>;
  };
  /** Options that may be given without their names, in this order. */
  readonly positional?: readonly string[];
}

export function readOptions(context: PlanContext, spec: OptionSpec): Outcome<SiteTerm> {
  const { request, site, graph } = context;
  const { form, diagnostics } = resolveForm(request, spec);
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const costs = form['costs'] === 'full' ? graph.costs.map(({ name }) => name) : context.localCosts;
  return { value: { site: site.id, estimator: spec.name, form, costs, downstream: context.downstream }, diagnostics };
}

export function resolveForm(
  request: EstimatorRequest | undefined,
  spec: OptionSpec,
): { readonly form: Readonly<Record<string, string>>; readonly diagnostics: readonly Diagnostic[] } {
  const { forms } = spec;
  const diagnostics: Diagnostic[] = [];
  let start = forms.default;
  const chosen: Record<string, string> = {};
  const { given, surplus } = nameOptions(request, spec);
  for (const { span } of surplus) {
    diagnostics.push(gradientDiagnostics.report('SBN4010', { estimator: spec.name }, span));
  }
  for (const [name, option] of given) {
    const problem = findProblem(spec, name, option);
    if (problem !== undefined) diagnostics.push(problem);
    else if (name === 'form') start = forms[String(option.value)] ?? start;
    else chosen[name] = String(option.value);
  }
  return { form: { ...start, ...chosen }, diagnostics };
}

/** Gives the options without names theirs; `surplus` are those for which there is none. */
function nameOptions(
  request: EstimatorRequest | undefined,
  { positional: names = [] }: OptionSpec,
): { readonly given: readonly (readonly [string, OptionValue])[]; readonly surplus: readonly OptionValue[] } {
  const named = [...(request?.options ?? [])];
  const free = names.filter((name) => request?.options.has(name) !== true);
  const unnamed = request?.positional ?? [];
  const placed = unnamed.flatMap((option, index) => {
    const name = free[index];
    return name === undefined ? [] : [[name, option] as const];
  });
  return { given: [...placed, ...named], surplus: unnamed.slice(free.length) };
}

function findProblem(spec: OptionSpec, name: string, { value, span }: OptionValue): Diagnostic | undefined {
  const known = name === 'form' ? Object.keys(spec.forms) : spec.options[name];
  if (known === undefined) return unknownOption(spec, name, span);
  const report = (choices: string): Diagnostic =>
    gradientDiagnostics.report('SBN4003', { option: name, value: String(value), choices }, span);
  if (isRange(known)) {
    const isFitting =
      typeof value === 'number' &&
      value >= known.least &&
      value <= known.most &&
      (!known.whole || Number.isInteger(value));
    return isFitting
      ? undefined
      : report(`a ${known.whole ? 'whole ' : ''}number from ${String(known.least)} to ${String(known.most)}`);
  }
  return known.includes(String(value)) ? undefined : report(`one of ${known.join(', ')}`);
}

function isRange(known: readonly string[] | NumberRange): known is NumberRange {
  return 'least' in known;
}

function unknownOption(
  { name: estimator, options, forms }: OptionSpec,
  option: string,
  span: EstimatorRequest['span'],
): Diagnostic {
  const candidates = [...Object.keys(options), ...(Object.keys(forms).length > 1 ? ['form'] : [])];
  const guess = suggest(option, candidates);
  const all = candidates.length === 0 ? 'it has none' : `its options are ${candidates.join(', ')}`;
  const hint = guess === undefined ? all : `did you mean \`${guess}\`?`;
  return gradientDiagnostics.report('SBN4002', { estimator, option }, span, { hint });
}
