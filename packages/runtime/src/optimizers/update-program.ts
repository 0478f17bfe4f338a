/** The frame that all optimisers' programs share: ports, and the rule applied to every parameter. */
import { ProgramBuilder, type Program, type ValueId } from '@sbn/program';
import type { CommonOptions } from './step-options.js';
import type { OptimizedParameter } from './optimizer.js';

/** The values of one parameter's update. */
export interface UpdateValues {
  readonly parameter: ValueId;
  readonly gradient: ValueId;
  /** In the order of the optimiser's slots. */
  readonly slots: readonly ValueId[];
}

export interface UpdateResult {
  readonly parameter: ValueId;
  readonly slots: readonly ValueId[];
}

/** Emits one parameter's update; `hyper` gives a scalar input of that name. */
export type UpdateRule = (
  builder: ProgramBuilder,
  values: UpdateValues,
  hyper: (name: string) => ValueId,
) => UpdateResult;

export function buildUpdateProgram(
  name: string,
  slotNames: readonly string[],
  parameters: readonly OptimizedParameter[],
  { clip, decay }: CommonOptions,
  rule: UpdateRule,
): Program {
  const builder = new ProgramBuilder(name);
  const hyper = (hyperName: string): ValueId => builder.input('hyper', hyperName, []);
  const gradientOf = ({ name: parameter, shape }: OptimizedParameter): ValueId =>
    builder.input('state', `gradient/${parameter}`, shape);
  const scale = clip === 0 || parameters.length === 0 ? undefined : emitClip(builder, parameters.map(gradientOf), clip);
  for (const { name: parameter, shape } of parameters) {
    builder.within(parameter, () => {
      const before = builder.input('parameter', parameter, shape);
      const gradient = gradientOf({ name: parameter, shape });
      const values = {
        parameter: decay === 0 ? before : builder.multiply(before, hyper('keep')),
        gradient: scale === undefined ? gradient : builder.multiply(gradient, scale),
        slots: slotNames.map((slot) => builder.input('state', `${slot}/${parameter}`, shape)),
      };
      const next = rule(builder, values, hyper);
      builder.output('parameter', parameter, next.parameter);
      next.slots.forEach((slot, index) => {
        builder.output('state', `${String(slotNames[index])}/${parameter}`, slot);
      });
      builder.output(
        'parameter_sum',
        parameter,
        builder.sum(
          next.parameter,
          shape.map((_, axis) => axis),
        ),
      );
    });
  }
  return builder.finish();
}

/** min(1, clip / ‖g‖) over all gradients together; 1 where all are zero. */
function emitClip(builder: ProgramBuilder, gradients: readonly ValueId[], clip: number): ValueId {
  const squares = gradients.map((gradient) =>
    builder.sum(
      builder.emit('square', [gradient], {}),
      builder.shapeOf(gradient).map((_, axis) => axis),
    ),
  );
  const total = squares.reduce((sum, square) => builder.add(sum, square));
  const norm = builder.emit('maximum', [builder.emit('sqrt', [total], {}), builder.constant(clip)], {});
  return builder.divide(builder.constant(clip), norm);
}
