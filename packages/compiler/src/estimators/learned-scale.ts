/**
 * A learned scale on the control variate, fitted along with the model by minimising the squared signal, as REBAR does
 * (Tucker et al. 2017): it repairs expansions whose slope has little to do with the discrete difference. It starts at 1,
 * and depends on previous steps alone.
 */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import type { Auxiliary, ExpansionContext, ScoreTerm } from './estimator.js';

export interface Scales {
  /** On the first-order terms, `[]`. */
  readonly linear: ValueId;
  /** On the second-order term, `[]`; `undefined` where there is none. */
  readonly quadratic: ValueId | undefined;
}

export function declareScales({ builder, term }: ExpansionContext): Scales {
  const declare = (part: string): ValueId => builder.input('parameter', `${term.site}.scale.${part}`, []);
  return { linear: declare('linear'), quadratic: term.form['order'] === '2' ? declare('quadratic') : undefined };
}

/** `scale · value`, or the value where there is no scale. */
export function scaled(builder: ProgramBuilder, scale: ValueId | undefined, value: ValueId): ValueId {
  return scale === undefined ? value : builder.multiply(scale, value);
}

/** (S − b)² per row, summed over the draws, of which the derivative by the scales is taken. */
export function learnScales(
  { builder, term }: ExpansionContext,
  scales: Scales,
  scores: readonly ScoreTerm[],
): Auxiliary {
  const squares = scores.map(({ signal, baseline }) => {
    const centred =
      baseline === undefined ? signal : builder.subtract(signal, builder.emit('stop_gradient', [baseline], {}));
    return builder.emit('square', [centred], {});
  });
  const [first = 0, ...rest] = squares;
  const parts = ['linear', ...(scales.quadratic === undefined ? [] : ['quadratic'])];
  return {
    parameters: parts.map((part) => ({
      name: `${term.site}.scale.${part}`,
      shape: [],
      initializer: { kind: 'fill', value: 1 },
    })),
    loss: rest.reduce((sum, square) => builder.add(sum, square), first),
  };
}
