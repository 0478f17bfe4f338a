/** Reverse-mode differentiation of a scalar by one sweep over what the builder holds. */
import { at, deriveInstruction, type ProgramBuilder, type ValueId } from '../src/index.js';

/** Emits `∂ scalar / ∂ w` for each of `wrt`, in the shape of `w`. */
export function reverseSweep(builder: ProgramBuilder, scalar: ValueId, wrt: readonly ValueId[]): ValueId[] {
  const depends = new Set(wrt);
  for (let value = 0; value <= scalar; value += 1) {
    const definition = builder.definition(value);
    if ('kind' in definition && definition.args.some((arg) => depends.has(arg))) depends.add(value);
  }
  const adjoints = new Map<ValueId, ValueId>([[scalar, builder.constant(1)]]);
  for (let value = scalar; value >= 0; value -= 1) {
    const definition = builder.definition(value);
    const adjoint = adjoints.get(value);
    if (adjoint === undefined || !('kind' in definition)) continue;
    const args: readonly ValueId[] = definition.args;
    const wanted = args.map((arg) => depends.has(arg));
    for (const [position, part] of deriveInstruction(builder, definition, adjoint, wanted).entries()) {
      if (part === undefined) continue;
      const arg = at(args, position);
      const sum = adjoints.get(arg);
      adjoints.set(arg, sum === undefined ? part : builder.add(sum, part));
    }
  }
  return wrt.map((value) => adjoints.get(value) ?? builder.fill(0, builder.shapeOf(value)));
}
