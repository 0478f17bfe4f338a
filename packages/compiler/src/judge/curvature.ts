/** Condition 6: the second-order term. */
import type { Instruction } from '@sbn/program';
import type { ExpansionContext, ScoreTerm } from '../estimators/estimator.js';
import { emitQuadraticResidual } from '../estimators/second-order.js';
import { descendantsOf } from '../reachability.js';
import { drawsOf, type Evidence } from './evidence.js';
import { isSameValue } from './same-value.js';

export function findCurvatureFaults(
  evidence: Evidence,
  context: ExpansionContext,
  score: ScoreTerm,
): readonly string[] {
  const { curvature, branch } = score;
  if (curvature === undefined) return [];
  const { builder, base, instructions } = evidence;
  const { site, term } = context;
  if (site.order !== undefined) return [`the second-order term takes the units of ${site.id} to be independent`];
  const drawn = branch?.pass ?? base;
  const step = builder.definition(curvature.step);
  const isStep =
    !('role' in step) &&
    step.kind === 'subtract' &&
    step.args[0] === drawn.latent(site.id) &&
    step.args[1] === base.valueOf(site.mean);
  if (!isStep) return ['the second-order term is not taken along the draw minus its mean at the sampled parents'];
  const passes = ({ id }: Instruction): boolean => id !== curvature.step;
  const last = curvature.products.reduce((most, { value }) => Math.max(most, value), 0);
  const reached = descendantsOf(instructions, drawsOf(evidence, term, score), passes, last);
  if (curvature.products.some(({ value }) => reached.has(value))) {
    return [`the curvature depends on the draw of ${site.id} itself`];
  }
  // What stands in the program for it must be what follows from the step and the product.
  const derived = emitQuadraticResidual(context, curvature, curvature.scale);
  const isDerived = (['common', 'own', 'correction'] as const).every((part) => {
    const [a, b] = [derived[part], curvature[part]];
    return a === undefined || b === undefined ? a === b : isSameValue(builder, a, b);
  });
  return isDerived ? [] : ['what is subtracted for the second-order term is not what is put back'];
}
