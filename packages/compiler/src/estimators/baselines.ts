/**
 * What is subtracted from a learning signal, and what it is divided by. Of MuProp and NVIL (MuProp, section 4): C, centring by
 * the running mean; IDB, an input-dependent baseline; VN, variance normalisation. Where a site is drawn several times, each
 * draw's signal is centred by the mean of the others (leave-one-out: Kool, van Hoof, Welling 2019).
 */
import { InternalError, type ProgramBuilder, type ValueId } from '@sbn/program';
import type { Auxiliary, ExpansionContext, StateUpdate } from './estimator.js';
import { emitInputBaseline } from './input-baseline.js';
import { emitRunningAverage } from './running-average.js';

export const BASELINE_OPTIONS = {
  center: ['running', 'none'],
  baseline: ['none', 'input'],
  normalize: ['no', 'yes'],
} as const;

export const BASELINE_DEFAULTS = { center: 'running', baseline: 'none', normalize: 'no' } as const;

/** How often a site can be drawn in a step. */
export const DRAWS = { least: 1, most: 64, whole: true } as const;

export interface Baselines {
  /** b_i of each draw, `[]` or `[B]`; `undefined` for none. */
  readonly baselines: readonly (ValueId | undefined)[];
  /** 1 / max(1, √v) with v the running variance of the signal over previous steps, `[]`; `undefined` for none. */
  readonly scale: ValueId | undefined;
  readonly state: readonly StateUpdate[];
  readonly auxiliary: readonly Auxiliary[];
}

/** Why a normalised estimator is not called unbiased, though nothing but its length is off. */
export const NORMALIZED =
  'the gradient of the site is divided by a running standard deviation: its direction is right, its length is not';

/** `signals` of the site's draws, each `[B]`. */
export function emitBaselines(context: ExpansionContext, signals: readonly ValueId[]): Baselines {
  const { builder, term, site } = context;
  const { form } = term;
  const [signal] = signals;
  if (signal === undefined) throw new InternalError(`no draw of ${site.id}`);
  const state: StateUpdate[] = [];
  const auxiliary: Auxiliary[] = [];
  let baselines: readonly (ValueId | undefined)[];
  if (signals.length > 1) baselines = leaveOneOut(builder, signals);
  else {
    let baseline: ValueId | undefined;
    if (form['center'] !== 'none') {
      const running = emitRunningAverage(builder, `${site.id}.signal`, signal);
      state.push(...running.state);
      baseline = running.average;
    }
    const learned =
      form['baseline'] === 'input' ? emitInputBaseline(context, centre(builder, signal, baseline)) : undefined;
    if (learned !== undefined) {
      auxiliary.push(learned.auxiliary);
      baseline = baseline === undefined ? learned.baseline : builder.add(baseline, learned.baseline);
    }
    baselines = [baseline];
  }
  if (form['normalize'] !== 'yes') return { baselines, scale: undefined, state, auxiliary };
  const square = builder.emit('square', [centre(builder, signal, baselines[0])], {});
  const variance = emitRunningAverage(builder, `${site.id}.variance`, square);
  state.push(...variance.state);
  const deviation = builder.emit('sqrt', [builder.emit('maximum', [variance.average, builder.constant(1)], {})], {});
  return { baselines, scale: builder.emit('reciprocal', [deviation], {}), state, auxiliary };
}

function centre(builder: ProgramBuilder, signal: ValueId, baseline: ValueId | undefined): ValueId {
  return baseline === undefined ? signal : builder.subtract(signal, baseline);
}

/** b_j = mean of S_l over l ≠ j: independent of draw j given the parents. */
function leaveOneOut(builder: ProgramBuilder, signals: readonly ValueId[]): readonly ValueId[] {
  const share = builder.constant(1 / (signals.length - 1));
  return signals.map((_, own) => {
    const [first = 0, ...others] = signals.filter((__, index) => index !== own);
    const sum = others.reduce((total, signal) => builder.add(total, signal), first);
    return others.length === 0 ? sum : builder.multiply(share, sum);
  });
}

/** The options in words: `centred, input baseline, normalised`. */
export function describeBaselines(form: Readonly<Record<string, string>>): string {
  const draws = Number(form['draws'] ?? 1);
  const words = [
    ...(draws > 1
      ? [`${String(draws)} draws, leave-one-out`]
      : [
          form['center'] === 'none' ? 'not centred' : 'centred',
          ...(form['baseline'] === 'input' ? ['input baseline'] : []),
        ]),
    ...(form['normalize'] === 'yes' ? ['normalised'] : []),
  ];
  return words.join(', ');
}
