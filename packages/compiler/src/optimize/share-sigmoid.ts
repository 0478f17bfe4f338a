import type { Program } from '@sbn/program';
import { emitWithArgs } from '../emit-with-args.js';
import { rewriteProgram } from './rewrite.js';

/**
 * softplus(x) as relu(x) − log(½ + |s − ½|) with s = σ(x), which is finite for every finite x, also in
 * float32, and takes its one transcendental function besides the logarithm from a value that the mean
 * of a Bernoulli and the derivative of softplus need anyway.
 */
export function shareSigmoid(program: Program): Program {
  if (program.instructions.every(({ kind }) => kind !== 'softplus')) return program;
  return rewriteProgram(program, (builder, instruction, args) => {
    const [x] = args;
    if (instruction.kind !== 'softplus' || x === undefined) return emitWithArgs(builder, instruction, args);
    const s = builder.emit('sigmoid', [x], {});
    // max(s, 1 − s), by operations that every backend has fast
    const half = builder.constant(0.5);
    const larger = builder.add(half, builder.emit('abs', [builder.subtract(s, half)], {}));
    return builder.subtract(builder.emit('relu', [x], {}), builder.emit('log', [larger], {}));
  });
}
