/** What trials that succeed with `probs` or `logits` have in common: one of them, or several. */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import { parameterOf, type NaturalForm, type ParameterValues } from './definition.js';

export function probability(builder: ProgramBuilder, parameters: ParameterValues): ValueId {
  const { logits } = parameters;
  return logits === undefined ? parameterOf(parameters, 'probs') : builder.emit('sigmoid', [logits], {});
}

/** The logit is natural, with E[δ³]/E[δ²] = 1 − 2p. */
export function naturalLogit(builder: ProgramBuilder, parameters: ParameterValues): NaturalForm | undefined {
  const { logits } = parameters;
  if (logits === undefined) return undefined;
  const twice = builder.multiply(builder.constant(2), probability(builder, parameters));
  return { parameter: logits, skew: builder.subtract(builder.constant(1), twice) };
}
