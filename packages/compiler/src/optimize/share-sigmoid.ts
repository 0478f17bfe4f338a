import type { Draft, Emitter, ValueId } from '@sbn/program';

/**
 * softplus(x) as relu(x) − log(½ + |s − ½|) with s = σ(x), which is finite for every finite x, also in
 * float32, and takes its one transcendental function besides the logarithm from a value that the mean
 * of a Bernoulli and the derivative of softplus need anyway.
 */
export function shareSigmoid(next: Emitter, instruction: Draft): ValueId {
  if (instruction.kind !== 'softplus') return next.put(instruction);
  const [x] = instruction.args;
  const s = next.emit('sigmoid', [x], {});
  // max(s, 1 − s), by operations that every backend has fast
  const half = next.constant(0.5);
  const larger = next.add(half, next.emit('abs', [next.subtract(s, half)], {}));
  return next.subtract(next.emit('relu', [x], {}), next.emit('log', [larger], {}));
}
