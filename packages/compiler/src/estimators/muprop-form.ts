/** Which form of MuProp a site gets: its options, their defaults, and the cost model that the defaults go by. */
import type { Outcome } from '@sbn/dsl';
import { BASELINE_DEFAULTS, BASELINE_OPTIONS, DRAWS } from './baselines.js';
import type { PlanContext, SiteTerm } from './estimator.js';
import { readOptions, type OptionSpec } from './options.js';
import { refuseSite } from './unserved.js';

const OPTIONS = {
  costs: ['local', 'full'],
  expansion: ['rollout', 'trunk'],
  residual: ['recursive', 'plain'],
  order: ['1', '2'],
  scale: ['fixed', 'learned'],
  draws: DRAWS,
  ...BASELINE_OPTIONS,
} as const;

const FIRST_ORDER = {
  costs: 'local',
  expansion: 'rollout',
  residual: 'recursive',
  order: '1',
  scale: 'fixed',
  draws: '1',
  ...BASELINE_DEFAULTS,
} as const;

const SECOND_ORDER = { ...FIRST_ORDER, order: '2' } as const;

/** What the paper ran. */
const ALGORITHM1 = { ...FIRST_ORDER, costs: 'full', expansion: 'trunk', residual: 'plain' } as const;

/** The work of all expansions together, in passes through the model, that a form may take to be the default. */
const MOST_PASSES = 16;

/** By cost, from the best. Every rollout has a backward pass, and a Hessian-vector product goes through both once more. */
function chooseForm(rolloutPasses: number): {
  readonly form: Readonly<Record<string, string>>;
  readonly note?: string;
} {
  const passes = (count: number): string => `${String(Math.round(count))} passes`;
  if (2 * rolloutPasses <= MOST_PASSES) return { form: SECOND_ORDER };
  if (rolloutPasses <= MOST_PASSES) {
    return { form: FIRST_ORDER, note: `first order, as second would take ${passes(2 * rolloutPasses)}` };
  }
  return {
    form: { ...FIRST_ORDER, expansion: 'trunk' },
    note: `trunk, as rollouts would take ${passes(rolloutPasses)}`,
  };
}

/** Options that say what the cost model would have decided. */
const DECISIVE = ['form', 'order', 'expansion'] as const;

/** `muprop`: the second order in the rollout form, or what the cost model affords. */
export function planMuProp(context: PlanContext): Outcome<SiteTerm> {
  if (context.site.order !== undefined) return planOrdered(context);
  const isDecided = DECISIVE.some((option) => context.request?.options.has(option) === true);
  const { form, note } = isDecided ? { form: FIRST_ORDER } : chooseForm(context.rolloutPasses);
  const spec: OptionSpec = { name: 'muprop', options: OPTIONS, forms: { default: form, algorithm1: ALGORITHM1 } };
  const { value, diagnostics } = readOptions(context, spec);
  return { value: value === undefined || note === undefined ? value : { ...value, note }, diagnostics };
}

const NO_SECOND_ORDER =
  'the second order is for units that are independent of one another, and this site reads its own value';

/** A site that reads itself: the second order does not hold for it. */
function planOrdered(context: PlanContext): Outcome<SiteTerm> {
  const isRolledOut = context.rolloutPasses <= MOST_PASSES;
  const form = isRolledOut ? FIRST_ORDER : ({ ...FIRST_ORDER, expansion: 'trunk' } as const);
  const spec: OptionSpec = { name: 'muprop', options: OPTIONS, forms: { default: form, algorithm1: ALGORITHM1 } };
  const { value, diagnostics } = readOptions(context, spec);
  if (value?.form['order'] === '2') return refuseSite(context, 'muprop', NO_SECOND_ORDER);
  const note = isRolledOut ? 'first order, as its units depend on one another' : chooseForm(context.rolloutPasses).note;
  return { value: value && { ...value, ...(note === undefined ? {} : { note }) }, diagnostics };
}

/** The forms that have names of their own; their other options are those of `muprop`. */
export function planNamed(name: 'algorithm1' | 'second_order'): (context: PlanContext) => Outcome<SiteTerm> {
  const form = name === 'algorithm1' ? ALGORITHM1 : SECOND_ORDER;
  return (context) =>
    name === 'second_order' && context.site.order !== undefined
      ? refuseSite(context, name, NO_SECOND_ORDER)
      : readOptions(context, { name, options: OPTIONS, forms: { default: form } });
}
