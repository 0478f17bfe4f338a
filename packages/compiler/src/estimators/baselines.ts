/**
 * What MuProp and NVIL subtract from a learning signal, and divide it by (MuProp, section 4): C, centring by the running
 * mean; IDB, an input-dependent baseline; VN, variance normalisation.
 */
import type { ValueId } from '@sbn/program';
import type { Auxiliary, ExpansionContext, StateUpdate } from './estimator.js';
import { emitInputBaseline } from './input-baseline.js';
import { emitRunningAverage } from './running-average.js';

export const BASELINE_OPTIONS = {
  center: ['running', 'none'],
  baseline: ['none', 'input'],
  normalize: ['no', 'yes'],
} as const;

export const BASELINE_DEFAULTS = { center: 'running', baseline: 'none', normalize: 'no' } as const;

export interface Baselines {
  /** b_i, `[]` or `[B]`; `undefined` for none. */
  readonly baseline: ValueId | undefined;
  /** 1 / max(1, √v) with v the running variance of the signal over previous steps, `[]`; `undefined` for none. */
  readonly scale: ValueId | undefined;
  readonly state: readonly StateUpdate[];
  readonly auxiliary: readonly Auxiliary[];
}

/** Why a normalised estimator is not called unbiased, though nothing but its length is off. */
export const NORMALIZED =
  'the gradient of the site is divided by a running standard deviation: its direction is right, its length is not';

export function emitBaselines(context: ExpansionContext, signal: ValueId): Baselines {
  const { builder, term, site } = context;
  const { form } = term;
  const state: StateUpdate[] = [];
  const auxiliary: Auxiliary[] = [];
  let baseline: ValueId | undefined;
  const centredBy = (value: ValueId | undefined): ValueId =>
    value === undefined ? signal : builder.subtract(signal, value);
  if (form['center'] !== 'none') {
    const running = emitRunningAverage(builder, `${site.id}.signal`, signal);
    state.push(...running.state);
    baseline = running.average;
  }
  const learned = form['baseline'] === 'input' ? emitInputBaseline(context, centredBy(baseline)) : undefined;
  if (learned !== undefined) {
    auxiliary.push(learned.auxiliary);
    baseline = baseline === undefined ? learned.baseline : builder.add(baseline, learned.baseline);
  }
  if (form['normalize'] !== 'yes') return { baseline, scale: undefined, state, auxiliary };
  const square = builder.emit('square', [centredBy(baseline)], {});
  const variance = emitRunningAverage(builder, `${site.id}.variance`, square);
  state.push(...variance.state);
  const deviation = builder.emit('sqrt', [builder.emit('maximum', [variance.average, builder.constant(1)], {})], {});
  return { baseline, scale: builder.emit('reciprocal', [deviation], {}), state, auxiliary };
}

/** The options in words: `centred, input baseline, normalised`. */
export function describeBaselines(form: Readonly<Record<string, string>>): string {
  const words = [
    form['center'] === 'none' ? 'not centred' : 'centred',
    ...(form['baseline'] === 'input' ? ['input baseline'] : []),
    ...(form['normalize'] === 'yes' ? ['normalised'] : []),
  ];
  return words.join(', ');
}
