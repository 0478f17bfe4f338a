import { broadcastShapes, sameShape, type Draft, type Emitter, type ValueId } from '@sbn/program';

/**
 * Σ (a − (b − log c)) is Σ (a − b) + Σ log c, as the log-probability of Bernoulli variables has it: no more passes over the elements,
 * one less where the sum of logarithms serves two log-probabilities, and an engine can take it for the logarithm of a product.
 */
export function splitLogSums(next: Emitter, instruction: Draft): ValueId {
  if (instruction.kind !== 'sum') return next.put(instruction);
  const [value] = instruction.args;
  const { axes, keep } = instruction.attributes;
  const outer = differenceOf(next, value);
  const inner = outer === undefined ? undefined : differenceOf(next, outer[1]);
  if (outer === undefined || inner === undefined) return next.put(instruction);
  const [a] = outer;
  const [b, log] = inner;
  const { shape } = next.definition(value);
  const definition = next.definition(log);
  if ('role' in definition || definition.kind !== 'log') return next.put(instruction);
  // What is stretched would be summed as often as it is.
  const wide = broadcastShapes(next.shapeOf(a), next.shapeOf(b));
  if (!sameShape(next.shapeOf(log), shape) || wide === undefined || !sameShape(wide, shape))
    return next.put(instruction);
  return next.add(next.sum(next.subtract(a, b), axes, keep), next.sum(log, axes, keep));
}

function differenceOf(next: Emitter, value: ValueId): readonly [ValueId, ValueId] | undefined {
  const definition = next.definition(value);
  return 'role' in definition || definition.kind !== 'subtract' ? undefined : definition.args;
}
