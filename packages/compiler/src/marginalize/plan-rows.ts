import { isBatchDim, type Program, type ValueId } from '@sbn/program';
import { descendantsOf } from '../reachability.js';

/** Which instructions are emitted with all rows, and which at one row that stands for all; some are both, or neither. */
export interface RowPlan {
  readonly atAllRows: ReadonlySet<ValueId>;
  readonly atOneRow: ReadonlySet<ValueId>;
}

/**
 * What `needed` takes. A value that depends on an unrolled site is at one row wherever no row differs from another; any
 * other value has all its rows, and beside that one row where a value at one row is made of it.
 */
export function planRows(forward: Program, unrolled: ReadonlySet<string>, needed: readonly ValueId[]): RowPlan {
  const { inputs, instructions } = forward;
  const isUnrolled = ({ role, name }: (typeof inputs)[number]): boolean => role === 'latent' && unrolled.has(name);
  const depends = descendantsOf(
    instructions,
    inputs.filter(isUnrolled).map(({ id }) => id),
  );
  const differing = descendantsOf(
    instructions,
    inputs.filter((input) => input.shape.some(isBatchDim) && !isUnrolled(input)).map(({ id }) => id),
  );
  const atAllRows = new Set<ValueId>();
  const atOneRow = new Set<ValueId>();
  const batched = new Set(
    [...inputs, ...instructions].flatMap(({ id, shape }) => (shape.some(isBatchDim) ? [id] : [])),
  );
  const isAlike = (id: ValueId): boolean => batched.has(id) && !differing.has(id);
  const ask = (id: ValueId, oneRowWillDo: boolean): void => {
    if (isAlike(id) && (depends.has(id) || oneRowWillDo)) atOneRow.add(id);
    else atAllRows.add(id);
  };
  for (const id of needed) ask(id, false);
  for (const { id, args } of instructions.toReversed()) {
    if (atAllRows.has(id)) for (const arg of args) ask(arg, false);
    if (atOneRow.has(id)) for (const arg of args) ask(arg, true);
  }
  return { atAllRows, atOneRow };
}
