/** Where the parameters of distributions must lie, for those whose values are known at compile time. */
import { at } from '@sbn/program';
import { DISTRIBUTIONS, type DistributionName } from '../distributions/index.js';
import type { TypedExpression } from '../typed-model.js';
import { report, type Context } from './context.js';

export interface Domain {
  readonly text: string;
  readonly holds: (value: number) => boolean;
}

const POSITIVE: Domain = { text: 'greater than 0', holds: (value) => value > 0 };

/** Without a success there is no last failure before it. */
const SUCCEEDS: Domain = { text: 'greater than 0 and at most 1', holds: (value) => value > 0 && value <= 1 };

const DOMAINS: Readonly<Record<string, Domain>> = {
  probs: { text: 'between 0 and 1', holds: (value) => value >= 0 && value <= 1 },
  scale: POSITIVE,
  rate: POSITIVE,
  concentration: POSITIVE,
  alpha: POSITIVE,
  beta: POSITIVE,
};

/** Where a distribution has a domain of its own for a parameter of this name. */
const OWN_DOMAINS: Partial<Readonly<Record<DistributionName, Readonly<Record<string, Domain>>>>> = {
  geometric: { probs: SUCCEEDS },
  negative_binomial: { mean: POSITIVE, probs: SUCCEEDS },
  beta: { mean: { text: 'greater than 0 and less than 1', holds: (value) => value > 0 && value < 1 } },
};

/** Probabilities written out may be rounded so far. */
const SUM_TOLERANCE = 1e-3;

/** Reports a number outside of its domain, and probabilities of classes that do not sum to 1. */
export function checkDomain(ctx: Context, name: DistributionName, parameter: string, value: TypedExpression): boolean {
  const known = knownNumbers(value);
  const domain = domainOf(name, parameter);
  const wrong = known.find((number) => domain?.holds(number) === false);
  if (domain !== undefined && wrong !== undefined) {
    report(ctx, 'SBN3037', { parameter, domain: domain.text, value: String(wrong) }, { span: value.span });
    return false;
  }
  if (parameter !== 'probs' || DISTRIBUTIONS[name].eventAxes === 0 || value.kind !== 'array') return true;
  const sum = sums(value.values, at(value.type.shape, value.type.shape.length - 1)).find(
    (total) => Math.abs(total - 1) > SUM_TOLERANCE,
  );
  if (sum === undefined) return true;
  const given = `of sum ${Number(sum.toPrecision(6))}`;
  report(ctx, 'SBN3037', { parameter, domain: 'of sum 1 over the classes', value: given }, { span: value.span });
  return false;
}

/** Where a parameter must lie; undefined where that is everywhere. */
export function domainOf(name: DistributionName, parameter: string): Domain | undefined {
  const table = { ...DOMAINS, ...OWN_DOMAINS[name] };
  return Object.hasOwn(table, parameter) ? table[parameter] : undefined;
}

function knownNumbers(value: TypedExpression): readonly number[] {
  if (value.kind === 'number') return [value.value];
  return value.kind === 'array' ? value.values : [];
}

/** The sums of consecutive runs of `length` values. */
function sums(values: readonly number[], length: number): readonly number[] {
  const totals: number[] = [];
  for (let start = 0; start < values.length; start += length) {
    totals.push(values.slice(start, start + length).reduce((total, value) => total + value, 0));
  }
  return totals;
}
