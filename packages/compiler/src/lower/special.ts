/** Element-wise functions that are made of several operations of programs. */
import { assertNever, InternalError, type ProgramBuilder, type ValueId } from '@sbn/program';
import { HALF_LOG_TWO_PI } from '../distributions/log-gamma.js';
import type { SpecialName } from '../typed-model.js';

/** `args` are aligned for broadcasting. */
export function lowerSpecial(builder: ProgramBuilder, name: SpecialName, args: readonly ValueId[]): ValueId {
  const [x, y] = args;
  if (x === undefined) throw new InternalError(`${name} of nothing`);
  switch (name) {
    case 'lgamma':
      return logGamma(builder, x);
    case 'digamma':
      return digamma(builder, x);
    case 'logaddexp':
      if (y === undefined) throw new InternalError('logaddexp of one value');
      // x + softplus(y − x), smooth where the two are equal.
      return builder.add(x, builder.emit('softplus', [builder.subtract(y, x)], {}));
    default:
      return assertNever(name);
  }
}

/** (x − ½) log x − x + ½ log 2π + δ(x), for x > 0 */
function logGamma(builder: ProgramBuilder, x: ValueId): ValueId {
  const half = builder.constant(0.5);
  const leading = builder.multiply(builder.subtract(x, half), builder.emit('log', [x], {}));
  const remainder = builder.emit('stirling_remainder', [x], { order: 0 });
  const rest = builder.subtract(builder.add(remainder, builder.constant(HALF_LOG_TWO_PI)), x);
  return builder.add(leading, rest);
}

/** log x − 1/(2x) + δ′(x), for x > 0 */
function digamma(builder: ProgramBuilder, x: ValueId): ValueId {
  const halfInverse = builder.divide(builder.constant(0.5), x);
  const leading = builder.subtract(builder.emit('log', [x], {}), halfInverse);
  return builder.add(leading, builder.emit('stirling_remainder', [x], { order: 1 }));
}
