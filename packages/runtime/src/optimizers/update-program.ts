/** The frame that all optimisers' programs share: ports, and the rule applied to every parameter. */
import { ProgramBuilder, type Program, type ValueId } from '@sbn/program';
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
  rule: UpdateRule,
): Program {
  const builder = new ProgramBuilder(name);
  const hyper = (hyperName: string): ValueId => builder.input('hyper', hyperName, []);
  for (const { name: parameter, shape } of parameters) {
    builder.within(parameter, () => {
      const values = {
        parameter: builder.input('parameter', parameter, shape),
        gradient: builder.input('state', `gradient/${parameter}`, shape),
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
